import {z} from 'zod';
import {serviceSchema} from '../../ipvs/schema.ts';
import type {Failover} from '../../verdict/failover/types.ts';

const id = z.int().min(1).max(255);
const proves = z.array(z.string());

/** A failover lab's expectation as a run folder keeps it: the same shape as Failover. */
export const failoverExpectationSchema: z.ZodType<Failover> = z.strictObject({
  directors: z.array(z.string()).min(1),
  services: z.array(serviceSchema).optional(),
  interval: z.int().min(1),
  routers: z
    .array(
      z.strictObject({
        id,
        network: z.string(),
        addresses: z.array(z.string()),
        priorities: z.record(z.string(), z.int()),
      }),
    )
    .min(1),
  sync: z.strictObject({network: z.string(), id, router: id}).optional(),
  phases: z.array(z.strictObject({masters: z.record(z.string(), z.array(z.string()))})),
  survivors: z.int().min(0),
  proves: z.strictObject({
    adverts: proves,
    announced: proves,
    asked: proves,
    synced: proves,
    survive: proves,
  }),
});
