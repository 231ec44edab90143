import {z} from 'zod';
import {roles} from './types.ts';

// What a topology file may hold, key by key. What the keys mean together is checked in check/.

/** Bytes of an IP packet that a link can carry: what every IPv4 host takes (RFC 791), what a veth pair takes. */
export const mtuRange = {min: 576, max: 65_535};
export const portRange = {min: 1, max: 65_535};

const isFilled = (record: object): boolean => Object.keys(record).length > 0;

const name = (of: string) =>
  z.string().regex(/^[a-z][a-z0-9-]{0,19}$/, {
    error: `a ${of} name is a-z, 0-9 and -, begins with a letter and has at most 20 characters`,
  });

export const addressNameSchema = z.string().regex(/^[A-Z][A-Za-z0-9]{0,19}$/, {
  error:
    'an address name is letters and digits, begins with a capital and has at most 20 characters',
});

const sysctlNameSchema = z.string().regex(/^net(\.[A-Za-z0-9_-]+)+$/, {
  error: 'a sysctl is a name below net., with dots: net.ipv4.ip_forward',
});

const sysctlValueSchema = z.union([z.int(), z.string().regex(/^[^\r\n\0]*$/, 'one line of text')]);

const address4 = z.string().meta({format: 'ipv4', description: 'without prefix length'}).optional();
const address6 = z.string().meta({format: 'ipv6', description: 'without prefix length'}).optional();

export const networkSchema = z
  .strictObject({
    v4: z.string().describe('IPv4 prefix in CIDR form: 192.0.2.0/24').optional(),
    v6: z.string().describe('IPv6 prefix in CIDR form: 2001:db8:1::/64').optional(),
    mtu: z
      .int()
      .min(mtuRange.min)
      .max(mtuRange.max)
      .default(1500)
      .describe('bytes of an IP packet'),
  })
  .describe('one Linux bridge, one broadcast domain');

export const addressSchema = z
  .strictObject({network: z.string(), v4: address4, v6: address6})
  .describe('an address that no interface has from the start, such as the VIP');

export const interfaceSchema = z.strictObject({
  network: z.string(),
  names: z
    .array(addressNameSchema)
    .describe('names of its addresses, the preferred one first: [DIP, LIP]')
    .optional(),
  v4: address4,
  v6: address6,
});

export const routeSchema = z.strictObject({
  to: z.string().describe('default, or a prefix in CIDR form'),
  via: z.string().describe('the gateway: an address in a network of the node'),
});

export const serviceSchema = z.strictObject({
  http: z.int().min(portRange.min).max(portRange.max).describe('port of a real HTTP server'),
});

export const nodeSchema = z.strictObject({
  role: z.enum(roles),
  interfaces: z
    .record(
      z.string().regex(/^eth\d{1,2}$/, {error: 'interfaces are eth0, eth1 ... in this order'}),
      interfaceSchema,
    )
    .refine(isFilled)
    .meta({minProperties: 1}),
  routes: z.array(routeSchema).default([]),
  services: z.array(serviceSchema).default([]),
  sysctls: z.record(sysctlNameSchema, sysctlValueSchema).default({}),
});

/** A topology file. */
export const fileSchema = z.strictObject({
  name: name('topology'),
  description: z.string().default(''),
  networks: z.record(name('network'), networkSchema),
  addresses: z.record(addressNameSchema, addressSchema).default({}),
  nodes: z.record(name('node'), nodeSchema).refine(isFilled).meta({minProperties: 1}),
});
export type TopologyFile = z.infer<typeof fileSchema>;

// The same file read as far as it can be: what is unreadable is undefined (its issues come from fileSchema), so that the
// checks of meaning still run over the rest, and all errors of a file are reported at once.
const soft = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined);
const softRecord = <S extends z.ZodType>(schema: S) => z.record(z.string(), soft(schema)).catch({});

const draftNodeSchema = z.object({
  role: soft(nodeSchema.shape.role),
  interfaces: softRecord(interfaceSchema),
  routes: z.array(soft(routeSchema)).catch([]),
  services: z.array(soft(serviceSchema)).catch([]),
});

const draftSchema = z.object({
  networks: soft(z.record(z.string(), soft(networkSchema))),
  addresses: softRecord(addressSchema),
  nodes: softRecord(draftNodeSchema),
});
export type Draft = z.infer<typeof draftSchema>;
export type DraftNode = z.infer<typeof draftNodeSchema>;

/** Reads what can be read of a topology file's data. Never fails. */
export const readDraft = (data: unknown): Draft =>
  draftSchema.safeParse(data).data ?? {addresses: {}, nodes: {}};

/** The JSON schema (draft 7) of topology files, for editors: `topologies/topology.schema.json`. */
export const topologyJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(fileSchema, {target: 'draft-7', io: 'input'}),
  title: 'lvslab topology',
});
