import type {ComparisonSpec, LabSpec} from './types.ts';
import type {
  ConnectionTraffic,
  Edit,
  Expire,
  FtpTraffic,
  HttpTraffic,
  Keepalived,
  Release,
  Serve,
  Timeouts,
  Until,
} from './step-types.ts';

export * from './exchange/define.ts';
export * from './failover/define.ts';

/** A lab file's default export: `export default lab({...})`. */
export interface LabDefinition {
  readonly kind: 'lab';
  readonly spec: LabSpec;
}

/** The default export of a file that compares what other labs measured. */
export interface ComparisonDefinition {
  readonly kind: 'comparison';
  readonly spec: ComparisonSpec;
}

/** States a lab: who stands where, what the director does, what traffic flows, and each packet's exact path. */
export const lab = (spec: LabSpec): LabDefinition => ({kind: 'lab', spec});

/** States a comparison of labs: it runs nothing of its own. */
export const comparison = (spec: ComparisonSpec): ComparisonDefinition => ({
  kind: 'comparison',
  spec,
});

/** HTTP requests from one client, one connection each, one after the other. */
export const http = (traffic: {
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  readonly bytes?: number;
  readonly timeout?: number;
}): HttpTraffic => ({kind: 'http', bytes: 4096, timeout: 3, ...traffic});

/** FTP sessions from one client, one after the other, each with one transfer unless it says more. */
export const ftp = (
  traffic: Pick<FtpTraffic, 'from' | 'to' | 'command' | 'sessions'> & Partial<FtpTraffic>,
): FtpTraffic => ({transfers: 1, bytes: 4096, timeout: 5, ...traffic, kind: 'ftp'});

/** Connections of the service's protocol from one client, one after the other or held open, from many addresses. */
export const connections = (
  traffic: Pick<ConnectionTraffic, 'from' | 'to' | 'connections'> & Partial<ConnectionTraffic>,
): ConnectionTraffic => ({
  sources: 1,
  messages: 1,
  bytes: 64,
  timeout: 3,
  ...traffic,
  kind: 'connections',
});

/** Closes the connections that were held open under the name. */
export const release = (hold: string): Release => ({kind: 'release', hold});

/** Changes the service as an administrator would, between two other steps. */
export const edit = (change: Omit<Edit, 'kind'>): Edit => ({...change, kind: 'edit'});

/** keepalived takes the service over from ipvsadm, with TCP checks of the real servers if they are asked for. */
export const keepalived = (options: Omit<Keepalived, 'kind'> = {}): Keepalived => ({
  ...options,
  kind: 'keepalived',
});

/** Stops a real server's server: its port is closed. */
export const stopServer = (node: string): Serve => ({kind: 'serve', node, up: false});

/** Starts it again. */
export const startServer = (node: string): Serve => ({kind: 'serve', node, up: true});

/** Waits until the service has the real server no more. */
export const untilRemoved = (node: string, seconds = 30): Until => ({
  kind: 'until',
  node,
  listed: false,
  seconds,
});

/** Waits until the service has the real server again. */
export const untilBack = (node: string, seconds = 30): Until => ({
  ...untilRemoved(node, seconds),
  listed: true,
});

/** Sets the timeouts of connection entries, in seconds; what is not named stays. */
export const timeouts = (seconds: Omit<Timeouts, 'kind'>): Timeouts => ({
  ...seconds,
  kind: 'timeouts',
});

/** Waits until the director has no connection entry and no persistence template any more. */
export const untilExpired = (seconds = 120): Expire => ({kind: 'expire', seconds});
