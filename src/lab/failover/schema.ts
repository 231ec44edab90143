import {z} from 'zod';
import {kernelNeedSchema} from '../../host/kernel-needs.ts';
import {forwards} from '../../ipvs/types.ts';
import {connections, http} from '../schema.ts';
import {cause, claim, port, proves, text} from '../schema-words.ts';
import {hopSchema, neverSchema} from '../schema-expect.ts';

const id = z.int().min(1).max(255);
/** The keys of an object are texts. */
const idText = z.string().regex(/^([1-9]\d?|1\d\d|2[0-4]\d|25[0-5])$/, 'expected 1 to 255');
const seconds = z.int().min(1).max(120);
const nodes = z.array(text).min(1);
const priorities = z.record(text, z.int().min(1).max(254));

const step = z.discriminatedUnion('kind', [
  http,
  connections,
  z.strictObject({kind: z.literal('release'), hold: text}),
  z.strictObject({kind: z.literal('start')}),
  z.strictObject({kind: z.literal('masters'), of: z.record(idText, nodes), seconds}),
  z.strictObject({kind: z.literal('kill'), node: text}),
  z.strictObject({kind: z.literal('block'), at: nodes}),
  z.strictObject({kind: z.literal('cure')}),
  z.strictObject({kind: z.literal('synced'), node: text, hold: text, seconds}),
  z.strictObject({
    kind: z.literal('knows'),
    node: text,
    address: text,
    director: text,
    seconds,
  }),
  z.strictObject({
    kind: z.literal('ask'),
    hold: text,
    messages: z.int().min(1).max(1000),
    timeout: z.number().positive().max(120),
  }),
  z.strictObject({
    kind: z.enum(['chat', 'enough']),
    hold: text,
    timeout: z.number().positive().max(120),
  }),
  z.strictObject({kind: z.literal('who-has'), from: text, address: text}),
]);

const proof = z.strictObject({proves}).optional();

const counter = z.strictObject({
  claim,
  when: text,
  change: z.strictObject({
    sync: z.literal(false).optional(),
    cure: z.literal(false).optional(),
    announceAgain: z.literal(false).optional(),
    priorities: z.record(idText, priorities).optional(),
  }),
  cause,
});

/** What a failover lab's file may state; the same shape as FailoverSpec. */
export const failoverSchema = z.strictObject({
  title: text,
  claims: z.array(claim),
  topology: text,
  needs: z.array(kernelNeedSchema).optional(),
  family: z.enum(['v4', 'v6']).optional(),
  service: z.strictObject({vips: z.array(text).min(1), port, scheduler: text}),
  realServers: z
    .array(z.strictObject({node: text, forward: z.enum(forwards), port: port.optional()}))
    .min(1),
  sharing: z.strictObject({
    interval: z.number().min(0.01).max(40),
    routers: z
      .array(z.strictObject({id, network: text, addresses: z.array(text).min(1), priorities}))
      .min(1),
    sync: z.strictObject({network: text, id, router: id}).optional(),
  }),
  steps: z.array(step).min(1),
  expect: z.strictObject({
    request: z.array(hopSchema).min(1),
    reply: z.array(hopSchema).min(1),
    never: z.array(neverSchema).optional(),
    adverts: proof,
    announced: proof,
    asked: proof,
    synced: proof,
    survive: proof,
    answers: proof,
  }),
  counter: z.array(counter),
});
