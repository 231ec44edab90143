import {z} from 'zod';
import {causes, type Cause} from '../verdict/causes.ts';
import {claimIds} from './claims.ts';

export const text = z.string().min(1);
export const claim = z.enum(claimIds);
export const proves = z.array(claim);
const isCause = (value: unknown): value is Cause =>
  typeof value === 'string' && Object.hasOwn(causes, value);
export const cause = z.custom<Cause>(isCause, {
  params: {valid: Object.keys(causes)},
});
export const port = z.int().min(1).max(65_535);
export const pair = z.tuple([text, text]);
