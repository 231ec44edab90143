import {z} from 'zod';
import {serviceSchema} from '../../ipvs/schema.ts';
import type {ExchangeExpectation} from '../../verdict/exchange/types.ts';
import {entrySchema, exchangeHopSchema, shapeSchema} from './schema.ts';
import {syncedConnectionSchema} from './schema-sync.ts';

const proves = z.array(z.string());
const step = z.int().min(0);
const hops = z.array(exchangeHopSchema).min(1);

const packets = z.strictObject({
  kind: z.literal('packets'),
  step,
  title: z.string(),
  packets: z.array(
    z.strictObject({
      from: z.string(),
      device: z.string(),
      frame: z.string().regex(/^([0-9a-f]{2})+$/),
      hops,
      causes: z.array(z.strictObject({shape: shapeSchema, hops})),
    }),
  ),
});

/** An exchange's expectation as a run folder keeps it: the same shape as ExchangeExpectation. */
export const exchangeExpectationSchema: z.ZodType<ExchangeExpectation> = z.strictObject({
  kind: z.literal('exchange'),
  family: z.enum(['v4', 'v6']),
  director: z.string(),
  names: z.record(z.string(), z.string()).optional(),
  steps: z.array(
    z.discriminatedUnion('kind', [
      packets,
      z.strictObject({
        kind: z.literal('synced'),
        step,
        network: z.string(),
        syncId: z.number(),
        version: z.literal([0, 1]),
        ports: z.array(z.number()),
        protocol: z.number(),
        connections: z.array(syncedConnectionSchema),
        proves,
      }),
      z.strictObject({
        kind: z.literal('entries'),
        step,
        text: z.string(),
        protocol: z.string(),
        entries: z.array(entrySchema),
        proves,
      }),
      z.strictObject({
        kind: z.literal('shows'),
        step,
        node: z.string(),
        what: z.string(),
        text: z.string(),
        lines: z.array(z.string()),
        not: z.array(z.string()),
        proves,
      }),
      z.strictObject({
        kind: z.literal('counters'),
        step,
        node: z.string(),
        before: z.string(),
        text: z.string(),
        rose: z.record(z.string(), z.number()),
        proves,
      }),
    ]),
  ),
  sysctls: z.array(
    z.strictObject({
      step,
      node: z.string(),
      text: z.string(),
      values: z.record(z.string(), z.string()),
    }),
  ),
  timeouts: z.strictObject({text: z.string(), values: z.record(z.string(), z.number())}).optional(),
  daemon: z
    .strictObject({text: z.string(), state: z.enum(['master', 'backup']), id: z.number()})
    .optional(),
  ipvs: z
    .strictObject({services: z.array(serviceSchema), virtuals: z.array(z.string())})
    .optional(),
});
