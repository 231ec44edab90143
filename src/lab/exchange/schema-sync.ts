import {z} from 'zod';
import {text} from '../schema-words.ts';
import type {SyncMessage} from './message.ts';

/** An address with a port, `CIP:4000` or `[2001:db8::1]:80`. */
export const end = z
  .string()
  .regex(
    /^(\[[^\]]+\]|[^:]+):\d{1,5}$/,
    "expected an address and port: 'CIP:4000', '[2001:db8::1]:80'",
  );

/** SyncedConnection. */
export const syncedConnectionSchema = z.strictObject({client: text, virtual: text, server: text});

/** The number by which sync daemons know their own; 0 listens to all. */
export const syncId = z.int().min(0).max(255);

const word = z.int().min(0).max(0xffff);
const told = z.strictObject({
  client: end,
  virtual: end,
  server: end,
  protocol: z.enum(['tcp', 'udp', 'sctp']).optional(),
  state: word.optional(),
  flags: word.optional(),
});
const shared = {
  id: syncId,
  size: word.optional(),
  count: z.int().min(0).max(255).optional(),
  cut: word.optional(),
};

/** SyncMessage. */
export const syncMessageSchema: z.ZodType<SyncMessage> = z.discriminatedUnion('version', [
  z.strictObject({...shared, version: z.literal(0), connections: z.array(told)}),
  z.strictObject({
    ...shared,
    version: z.literal(1),
    connections: z.array(
      told.extend({
        flags: z.int().min(0).max(0xffff_ffff).optional(),
        timeout: z.int().min(1).max(0xffff_ffff).optional(),
      }),
    ),
  }),
]);
