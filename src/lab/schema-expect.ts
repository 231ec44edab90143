import {z} from 'zod';
import {pair, port, proves, text} from './schema-words.ts';

const mtu = z.int().min(68).max(65_535);

/** HopExpectation. */
export const hopSchema = z.strictObject({
  link: text,
  ip: z.union([text, z.array(text).min(1).max(2)]).optional(),
  ports: text.optional(),
  encapsulation: z.enum(['none', 'ipip', 'gre', 'gue']).optional(),
  carrier: z
    .strictObject({
      checksum: z.boolean(),
      port: port.optional(),
      remoteChecksum: z.boolean().optional(),
    })
    .optional(),
  ttl: z.int().optional(),
  mtu: z.union([mtu, z.array(mtu).min(1)]).optional(),
  proves: proves.optional(),
});

const count = z.int().min(0);
const byte = z.int().min(0).max(255);

/** ErrorExpectation. */
export const errorSchema = z.strictObject({
  of: z.enum(['request', 'reply']),
  type: byte,
  code: byte,
  mtu: mtu.optional(),
  over: count.optional(),
  quotedBytes: z.int().min(8).optional(),
  quotedTtl: z.int().min(-10).max(0).optional(),
  path: z
    .array(
      hopSchema.omit({ports: true, mtu: true, proves: true}).extend({
        quotes: z
          .strictObject({
            ip: z.union([text, z.array(text).min(1).max(2)]),
            ports: text.optional(),
          })
          .optional(),
      }),
    )
    .min(1),
  count: z.tuple([count, count]),
  proves: proves.optional(),
});

/** NeverExpectation. */
export const neverSchema = z.strictObject({
  at: text,
  ip: text.optional(),
  anyAddress: z.array(text).optional(),
  direction: z.enum(['request', 'reply']).optional(),
  proves: proves.optional(),
});

const direction = z.enum(['request', 'reply']);

/** FactExpectation. */
export const factSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('only-in-network'),
    network: text,
    nodes: z.array(text),
    proves,
  }),
  z.strictObject({kind: z.literal('no-shared-network'), nodes: pair, proves}),
  z.strictObject({kind: z.literal('shared-network'), nodes: pair, proves}),
  z.strictObject({kind: z.literal('gateway'), node: text, via: text, proves}),
  z.strictObject({kind: z.literal('no-route'), node: text, to: text, proves}),
  z.strictObject({kind: z.literal('logged-peer'), node: text, is: text, not: text, proves}),
  z.strictObject({kind: z.literal('arp-answered-only-by'), address: text, node: text, proves}),
  z.strictObject({kind: z.literal('bytes'), node: text, direction, passes: z.boolean(), proves}),
]);
