import {z} from 'zod';
import {InputError} from '../problem.ts';
import {roles, type Topology} from './types.ts';

const perFamily = z.strictObject({v4: z.string().optional(), v6: z.string().optional()});

/** A resolved topology as a run folder's topology.json has it. */
export const topologySchema: z.ZodType<Topology> = z.strictObject({
  name: z.string(),
  description: z.string(),
  networks: z.array(z.strictObject({name: z.string(), prefix: perFamily, mtu: z.int()})),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(roles),
      interfaces: z.array(
        z.strictObject({
          name: z.string(),
          network: z.string(),
          mac: z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'not a MAC address'),
          address: perFamily,
          names: z.array(z.string()),
        }),
      ),
      routes: z.array(
        z.strictObject({to: z.string(), via: z.string(), family: z.enum(['v4', 'v6'])}),
      ),
      sysctls: z.record(z.string(), z.string()),
      services: z.array(z.strictObject({kind: z.literal('http'), port: z.int()})),
    }),
  ),
  addresses: z.array(z.strictObject({name: z.string(), address: perFamily, network: z.string()})),
});

/** Reads back a resolved topology. `where` is what errors call it. Throws InputError when it is none. */
export function parseTopology(json: unknown, where: string): Topology {
  const parsed = topologySchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map(({path, message}) => ({
      what: `not a resolved topology: ${path.map(String).join('.') || 'the whole'}: ${message}`,
      where,
      next: 'use a run folder as lvslab wrote it',
    })),
  );
}
