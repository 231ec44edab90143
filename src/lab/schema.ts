import {z} from 'zod';
import {tunnelSchema} from '../ipvs/schema.ts';
import {forwards, protocols} from '../ipvs/types.ts';
import {kernelNeedSchema} from '../host/kernel-needs.ts';
import {ftpCommands} from '../traffic/ftp.ts';
import {errorSchema, factSchema, hopSchema, neverSchema} from './schema-expect.ts';
import {cause, claim, port, proves, text} from './schema-words.ts';

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
