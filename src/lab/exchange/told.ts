import type {SyncedConnection} from '../../verdict/exchange/types.ts';
import {repeat} from './define.ts';
import type {RepeatStep} from './types.ts';

// Of the labs of the sync daemon: a UDP service on port 5300, rs1 with masq on 5301.

/** So many datagrams of one connection, one after the other: the daemon counts packets. */
export const datagrams = (times: number, port: number): readonly RepeatStep[] =>
  Array.from({length: times}, () => newConnections(1, port, 'once more'));

/** So many connections in one go, from one source port after the other. */
export const newConnections = (times: number, port: number, payload: string): RepeatStep =>
  repeat(times, {from: 'client', ip: 'CIP > VIP', udp: {ports: `${port} > 5300`}, payload}, [
    ['client > director', {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 5301`}],
  ]);

/** What the daemon tells of one. */
export const connection = (port: number): SyncedConnection => ({
  client: `CIP:${port}`,
  virtual: 'VIP:5300',
  server: 'RIP1:5301',
});
