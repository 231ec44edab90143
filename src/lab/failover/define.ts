import type {
  Ask,
  Block,
  Chat,
  Cure,
  FailoverSpec,
  Kill,
  Knows,
  Masters,
  Start,
  Synced,
  WhoHas,
} from './types.ts';

/** A failover lab file's default export: `export default failover({...})`. */
export interface FailoverDefinition {
  readonly kind: 'failover';
  readonly spec: FailoverSpec;
}

/** States a lab of several directors: who is master when, and each packet's exact path before, during and after. */
export const failover = (spec: FailoverSpec): FailoverDefinition => ({kind: 'failover', spec});

/** Starts keepalived on all directors. */
export const start: Start = {kind: 'start'};

/** Waits until exactly these directors are masters of each virtual router: `masters({51: ['d1']})`. */
export const masters = (of: Masters['of'], seconds = 40): Masters => ({
  kind: 'masters',
  of,
  seconds,
});

/** The director dies: its links go down and keepalived ends without a word. */
export const kill = (node: string): Kill => ({kind: 'kill', node});

/** Drops VRRP that comes to these directors. */
export const block = (...at: readonly string[]): Block => ({kind: 'block', at});

/** Lets VRRP through again. */
export const cure: Cure = {kind: 'cure'};

/** Waits until the backup has entries of the held connections. */
export const synced = (hold: string, node: string, seconds = 20): Synced => ({
  kind: 'synced',
  node,
  hold,
  seconds,
});

/** Waits until the node sends what is for the address to the director's MAC. */
export const knows = (node: string, address: string, director: string, seconds = 20): Knows => ({
  kind: 'knows',
  node,
  address,
  director,
  seconds,
});

/** Sends more messages on held connections; in an outage the first waits for its end. */
export const ask = (hold: string, messages = 1, timeout = 30): Ask => ({
  kind: 'ask',
  hold,
  messages,
  timeout,
});

/** Begins to send messages on held connections, which goes on through the next steps. */
export const chat = (hold: string, timeout = 30): Chat => ({kind: 'chat', hold, timeout});

/** Ends that. */
export const enough = (hold: string, timeout = 30): Chat => ({kind: 'enough', hold, timeout});

/** Asks from a node who has the address. */
export const whoHas = (address: string, from: string): WhoHas => ({kind: 'who-has', from, address});
