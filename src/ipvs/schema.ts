import {z} from 'zod';
import {
  forwards,
  protocols,
  type RealServer,
  type ServerEdit,
  type VirtualService,
} from './types.ts';

const port = z.int().min(0).max(65_535);
const count = z.int().min(0);

/** TunnelType. */
export const tunnelSchema = z.discriminatedUnion('type', [
  z.strictObject({type: z.literal('ipip')}),
  z.strictObject({type: z.literal('gre'), checksum: z.boolean()}),
  z.strictObject({
    type: z.literal('gue'),
    port: port.min(1),
    checksum: z.enum(['none', 'checksum', 'remote']),
  }),
]);

const realServer: z.ZodType<RealServer> = z.strictObject({
  address: z.string(),
  port,
  forward: z.enum(forwards),
  tunnel: tunnelSchema.optional(),
  weight: count,
  upperThreshold: count.optional(),
  lowerThreshold: count.optional(),
});

/** A service as run folders keep it. */
export const serviceSchema: z.ZodType<VirtualService> = z.strictObject({
  key: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('address'),
      protocol: z.enum(protocols),
      address: z.string(),
      port,
    }),
    z.strictObject({kind: z.literal('fwmark'), mark: count, family: z.enum(['v4', 'v6'])}),
  ]),
  scheduler: z.string(),
  flags: z.array(z.string()),
  persistence: z.strictObject({timeout: count, netmask: z.string().optional()}).optional(),
  onePacket: z.boolean(),
  realServers: z.array(realServer),
});

/** An edit as run folders keep it. */
export const editSchema: z.ZodType<ServerEdit> = z.strictObject({
  kind: z.enum(['add', 'edit', 'remove']),
  server: realServer,
});
