import {z} from 'zod';
import {kernelNeedSchema} from '../../host/kernel-needs.ts';
import type {EntryExpectation} from '../../verdict/exchange/types.ts';
import type {Layer} from '../../wire/build.ts';
import type {SctpChunkFields} from '../../wire/sctp-encode.ts';
import {edit, persistence, realServer, service, setup} from '../schema.ts';
import {cause, claim, proves, text} from '../schema-words.ts';
import {hopSchema} from '../schema-expect.ts';
import {end, syncedConnectionSchema, syncId, syncMessageSchema} from './schema-sync.ts';
import type {PacketFields} from './types.ts';

const count = z.int().min(0);
const byte = z.int().min(0).max(255);
const hex = z.string().regex(/^([0-9a-f]{2})*$/, 'expected bytes in hex, lower case');
const pairs = z.union([text, z.array(text).min(1).max(2)]);
const bad = z.literal('bad').optional();
const quoted = z.strictObject({ip: text, ports: text.optional()});

/** ExchangeHop. */
export const exchangeHopSchema = hopSchema.extend({
  quotes: quoted.optional(),
  checksum: z.enum(['good', 'bad', 'none']).optional(),
});

const shapeTcp = z.strictObject({
  flags: z
    .string()
    .regex(/^[SFRP.UEW]*$/, 'expected TCP flags of S F R P . U E W')
    .optional(),
  seq: count.optional(),
  ack: count.optional(),
  window: count.optional(),
});
const shapeIcmp = z.strictObject({
  type: byte,
  code: byte.optional(),
  id: count.optional(),
  seq: count.optional(),
  mtu: count.optional(),
  rest: count.optional(),
});

/** Shape. */
export const shapeSchema = z.strictObject({
  ttl: byte.optional(),
  tcp: shapeTcp.optional(),
  udp: z.literal(true).optional(),
  sctp: z.strictObject({chunk: byte}).optional(),
  icmp: shapeIcmp.optional(),
  length: count.optional(),
  quotes: quoted.optional(),
});

const isKind = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';

const packetFields = {
  ip: pairs,
  encapsulation: z.enum(['ipip', 'gre', 'gue']).optional(),
  ttl: byte.optional(),
  id: count.optional(),
  df: z.boolean().optional(),
  tos: byte.optional(),
  options: hex.optional(),
  fragment: z.strictObject({offset: count, more: z.boolean()}).optional(),
  extensions: z.array(z.strictObject({type: byte, body: hex})).optional(),
  tcp: shapeTcp
    .extend({
      ports: text,
      flags: shapeTcp.shape.flags.unwrap(),
      mss: count.optional(),
      checksum: bad,
    })
    .optional(),
  udp: z.strictObject({ports: text, checksum: z.enum(['bad', 'none']).optional()}).optional(),
  sctp: z
    .strictObject({
      ports: text,
      tag: count.optional(),
      chunks: z
        .array(z.custom<SctpChunkFields>(isKind, 'expected a chunk with its kind'))
        .optional(),
      checksum: bad,
    })
    .optional(),
  icmp: shapeIcmp
    .extend({
      checksum: bad,
      get quotes() {
        return quotesSchema.optional();
      },
    })
    .optional(),
  sync: syncMessageSchema.optional(),
  payload: z.union([z.string(), count]).optional(),
  layers: z.array(z.custom<Layer>(isKind, 'expected a layer with its kind')).optional(),
};
const quotesSchema: z.ZodType<PacketFields & {behind?: number}> = z.lazy(() =>
  z.strictObject({...packetFields, behind: count.optional()}),
);

const path = z.array(z.union([text, exchangeHopSchema])).min(1);
const caused = shapeSchema.extend({ip: text, ports: text.optional(), path});

/** EntryExpectation. */
export const entrySchema: z.ZodType<EntryExpectation> = z.strictObject({
  protocol: text.optional(),
  client: end,
  virtual: end,
  server: end,
  state: text,
  expires: z.tuple([count, count]).optional(),
});

const port = z.int().min(1).max(65_535);

const sysctls = z.record(
  z.string().regex(/^net(\.[A-Za-z0-9_-]+)+$/, 'expected a sysctl below net.'),
  z.union([z.string(), z.int()]),
);
const within = z.int().min(1).max(120).optional();
const node = text;

const packet = z.strictObject({
  kind: z.literal('packet'),
  from: node,
  ...packetFields,
  piece: z.strictObject({mtu: z.int().min(28), number: z.int().min(1)}).optional(),
  path,
  causes: z.array(caused).optional(),
});

const step = z.discriminatedUnion('kind', [
  packet,
  z.strictObject({kind: z.literal('together'), packets: z.array(packet).min(1)}),
  z.strictObject({
    kind: z.literal('repeat'),
    times: z.int().min(1).max(1000),
    packet: z.strictObject({from: node, ...packetFields}),
    paths: z.array(path).min(1),
  }),
  z.strictObject({
    kind: z.literal('entries'),
    entries: z.array(entrySchema),
    within,
    proves: proves.optional(),
  }),
  z.strictObject({
    kind: z.literal('shows'),
    node,
    what: text,
    lines: z.array(text).optional(),
    not: z.array(text).optional(),
    within,
    proves: proves.optional(),
  }),
  z.strictObject({
    kind: z.literal('counters'),
    node,
    rose: z.record(z.string().regex(/^\w+$/), count),
    proves: proves.optional(),
  }),
  z.strictObject({kind: z.literal('sysctl'), node, values: sysctls}),
  z.strictObject({
    kind: z.literal('synced'),
    connections: z.array(syncedConnectionSchema).min(1),
    version: z.literal([0, 1]).optional(),
    ports: z.array(port).min(1).optional(),
    proves: proves.optional(),
  }),
  edit,
]);

const timeouts = z.strictObject({tcp: count, tcpfin: count, udp: count}).partial();

const counter = z.strictObject({
  claim,
  when: text,
  change: z.strictObject({
    sysctls: z.record(node, sysctls).optional(),
    setup: setup.optional(),
    scheduler: text.optional(),
    timeouts: timeouts.optional(),
    service: z.strictObject({persistence: persistence.optional()}).optional(),
    sync: z.strictObject({id: syncId}).optional(),
  }),
  cause,
});

/** What an exchange's file may state; the same shape as ExchangeSpec. */
export const exchangeSchema = z.strictObject({
  title: text,
  claims: z.array(claim),
  topology: text,
  family: z.enum(['v4', 'v6']).optional(),
  needs: z.array(kernelNeedSchema).optional(),
  service,
  realServers: z.array(realServer).min(1),
  setup: setup.optional(),
  names: z.record(text, text).optional(),
  sysctls: z.record(node, sysctls).optional(),
  timeouts: timeouts.optional(),
  sync: z
    .strictObject({
      network: text,
      id: syncId,
      state: z.literal('backup').optional(),
    })
    .optional(),
  tunnelEnds: z.array(node).optional(),
  steps: z.array(step).min(1),
  counter: z.array(counter),
});
