import {z} from 'zod';
import {tunnelSchema} from '../ipvs/schema.ts';
import {forwards, protocols} from '../ipvs/types.ts';
import {causes, type Cause} from '../verdict/types.ts';
import {kernelNeedSchema} from '../host/kernel-needs.ts';
import {ftpCommands} from '../traffic/ftp.ts';
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
const pair = z.tuple([text, text]);

export const setup = z
  .strictObject({
    sourceNat: z.boolean(),
    conntrack: z.literal([0, 1]),
    vipOnRealServer: z.boolean(),
    vipOn: z.literal('lan'),
    arpSuppression: z.boolean(),
    tunnelUp: z.boolean(),
    tunnelMode: z.literal('default'),
    netfilterInstead: z.boolean(),
    greDevice: z.literal('fallback'),
    errors: z.literal('dropped'),
    rpFilter: z.literal([0, 1]),
    gateway: text,
  })
  .partial();

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

export const http = z.strictObject({
  kind: z.literal('http'),
  from: text,
  to: text,
  requests: z.int().min(1).max(10_000),
  bytes: z.int().min(1).max(10_000_000),
  timeout: z.number().positive().max(60),
});

const ftp = z.strictObject({
  kind: z.literal('ftp'),
  from: text,
  to: text,
  command: z.enum(ftpCommands),
  sessions: z.int().min(1).max(100),
  transfers: z.int().min(1).max(100),
  bytes: z.int().min(64).max(10_000_000),
  timeout: z.number().positive().max(60),
});

export const connections = z.strictObject({
  kind: z.literal('connections'),
  from: text,
  to: text,
  connections: z.int().min(1).max(10_000),
  sources: z.int().min(1).max(100),
  sourcePort: port.optional(),
  destinations: z.int().min(1).max(200).optional(),
  ports: z.array(port).min(1).optional(),
  messages: z.int().min(1).max(1000),
  bytes: z.int().min(1).max(10_000_000),
  upload: z.int().min(1).max(60_000).optional(),
  timeout: z.number().positive().max(60),
  hold: text.optional(),
});

/** A million seconds is what the kernel takes at most (ip_vs_ctl.c, ip_vs_set_timeout, keeps it below INT_MAX jiffies). */
const timeout = z.int().min(1).max(1_000_000);

export const realServer = z.strictObject({
  node: text,
  family: z.enum(['v4', 'v6']).optional(),
  forward: z.enum([...forwards, 'fullnat']),
  port: port.optional(),
  tunnel: tunnelSchema.optional(),
  weight: z.int().min(0).max(65_535).optional(),
  upperThreshold: z.int().min(0).optional(),
  lowerThreshold: z.int().min(0).optional(),
  serves: z.literal(false).optional(),
});

/** Edit. */
export const edit = z.strictObject({
  kind: z.literal('edit'),
  weights: z.record(text, z.int().min(0).max(65_535)).optional(),
  add: z.array(realServer).optional(),
  remove: z.array(text).optional(),
});

const step = z.discriminatedUnion('kind', [
  http,
  connections,
  ftp,
  z.strictObject({kind: z.literal('release'), hold: text}),
  edit,
  z.strictObject({
    kind: z.literal('keepalived'),
    check: z
      .strictObject({interval: z.int().min(1).max(60), timeout: z.int().min(1).max(60)})
      .optional(),
  }),
  z.strictObject({kind: z.literal('serve'), node: text, up: z.boolean()}),
  z.strictObject({
    kind: z.literal('until'),
    node: text,
    listed: z.boolean(),
    seconds: z.int().min(1).max(120),
  }),
  z.strictObject({
    kind: z.literal('timeouts'),
    tcp: timeout.optional(),
    finWait: timeout.optional(),
    udp: timeout.optional(),
  }),
  z.strictObject({kind: z.literal('expire'), seconds: z.int().min(1).max(300)}),
]);

export const persistence = z.strictObject({timeout: z.int().min(1), netmask: text.optional()});

const sysctls = z.record(
  text,
  z.record(
    z.string().regex(/^net(\.[A-Za-z0-9_-]+)+$/, 'expected a sysctl below net.'),
    z.union([z.string(), z.int()]),
  ),
);

const counter = z.strictObject({
  claim,
  when: text,
  change: z.strictObject({
    setup: setup.optional(),
    topology: text.optional(),
    sysctls: sysctls.optional(),
    listen: port.optional(),
    port: port.optional(),
    scheduler: text.optional(),
    service: z
      .strictObject({onePacket: z.boolean(), persistence: persistence.optional()})
      .partial()
      .optional(),
    keepalived: z
      .strictObject({forward: z.enum(forwards).optional(), checks: z.literal(false).optional()})
      .optional(),
    unmarked: z.array(port).optional(),
    tunnel: tunnelSchema.optional(),
    nodes: z.array(text).optional(),
  }),
  cause,
});

/** LabService. */
export const service = z.strictObject({
  protocol: z.enum(protocols),
  vip: text,
  port,
  scheduler: text,
  flags: z.array(text).optional(),
  persistence: persistence.optional(),
  mark: z
    .strictObject({
      number: z.int().min(1).max(0xffff_ffff),
      ports: z.array(port).optional(),
      addresses: z.int().min(1).max(200).optional(),
    })
    .optional(),
  onePacket: z.boolean().optional(),
});

/** What a lab file may state; the same shape as LabSpec. */
export const labSchema = z.strictObject({
  title: text,
  claims: z.array(claim),
  topology: text,
  needs: z.array(kernelNeedSchema).optional(),
  family: z.enum(['v4', 'v6']).optional(),
  service,
  realServers: z.array(realServer).min(1),
  setup: setup.optional(),
  sysctls: sysctls.optional(),
  traffic: z.union([step, z.array(step).min(1)]),
  expect: z.strictObject({
    request: z.array(hopSchema).min(1),
    reply: z.array(hopSchema),
    data: z
      .strictObject({request: z.array(hopSchema).min(1), reply: z.array(hopSchema).min(1), proves})
      .optional(),
    errors: z.array(errorSchema).optional(),
    never: z.array(neverSchema).optional(),
    facts: z.array(factSchema).optional(),
    entries: z.strictObject({proves}).optional(),
    counters: z.strictObject({proves}).optional(),
    answers: z.strictObject({proves, refused: z.literal(true).optional()}).optional(),
    schedule: z.strictObject({proves}).optional(),
    expiry: z.strictObject({proves}).optional(),
    health: z.strictObject({proves}).optional(),
    same: z.strictObject({proves}).optional(),
  }),
  counter: z.array(counter),
});

export const comparisonSchema = z.strictObject({
  title: text,
  claims: z.array(claim),
  of: z.array(text).min(2),
});
