import {z} from 'zod';
import {serviceSchema} from '../ipvs/schema.ts';
import {protocols} from '../ipvs/types.ts';
import {ftpCommands} from '../traffic/ftp.ts';
import type {Expectation} from '../verdict/types.ts';
import {failoverExpectationSchema} from './failover/saved.ts';
import {errorSchema, factSchema, hopSchema, neverSchema} from './schema-expect.ts';

const port = z.int().min(0).max(65_535);
const proves = z.strictObject({proves: z.array(z.string()).optional()});

/** An expectation as a run folder keeps it: the same shape as Expectation. */
export const expectationSchema: z.ZodType<Expectation> = z.strictObject({
  family: z.enum(['v4', 'v6']),
  protocol: z.enum(protocols),
  names: z.record(z.string(), z.string()).optional(),
  onePacket: z.boolean().optional(),
  connections: z.int().min(0),
  virtual: z.strictObject({address: z.string(), port}),
  virtuals: z.array(z.strictObject({address: z.string(), port})).optional(),
  realServers: z.array(
    z.strictObject({node: z.string(), port, family: z.enum(['v4', 'v6']).optional()}),
  ),
  request: z.array(hopSchema),
  reply: z.array(hopSchema),
  errors: z.array(errorSchema).optional(),
  never: z.array(neverSchema),
  clients: z.array(z.string()).optional(),
  schedule: z
    .strictObject({
      service: serviceSchema,
      expireQuiescent: z.boolean().optional(),
      proves: z.array(z.string()),
    })
    .optional(),
  ftp: z
    .strictObject({
      command: z.enum(ftpCommands),
      transfers: z.int().min(1),
      request: z.array(hopSchema),
      reply: z.array(hopSchema),
      proves: z.array(z.string()),
    })
    .optional(),
  expiry: z.strictObject({times: z.int().min(1), proves: z.array(z.string())}).optional(),
  health: z
    .strictObject({
      node: z.string(),
      changes: z.array(z.strictObject({kind: z.enum(['remove', 'add']), node: z.string()})),
      proves: z.array(z.string()),
    })
    .optional(),
  same: z.strictObject({first: z.int().min(1), proves: z.array(z.string())}).optional(),
  failover: failoverExpectationSchema.optional(),
  roundRobin: z.boolean(),
  entries: proves.extend({node: z.string()}).optional(),
  counters: proves.extend({nodes: z.array(z.string())}).optional(),
  answers: proves.extend({refused: z.literal(true).optional()}),
  facts: z.array(factSchema),
});
