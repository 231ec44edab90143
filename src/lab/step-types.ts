import type {FtpCommand} from '../traffic/ftp.ts';
import type {LabRealServer} from './service-types.ts';

/** HTTP requests, one connection each, one after the other, each with a unique token. */
export interface HttpTraffic {
  readonly kind: 'http';
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  /** Body bytes of each answer. */
  readonly bytes: number;
  /** Seconds that a request may take. */
  readonly timeout: number;
}

/**
 * Connections of the service's protocol, one after the other; each request in them has a unique token. Over TCP they
 * are HTTP to the same servers.
 */
export interface ConnectionTraffic {
  readonly kind: 'connections';
  readonly from: string;
  readonly to: string;
  readonly connections: number;
  /** How many addresses of its network the client sends from, in turn. With 1 it is its own. */
  readonly sources: number;
  /** The source port of the first connection; each further round of the sources takes the next. Default: the kernel chooses. */
  readonly sourcePort?: number;
  /** How many addresses of a marked service they go to, in turn; default: `to` alone. */
  readonly destinations?: number;
  /** Ports of a marked service, of which each further round of the addresses takes the next; default: the service's. */
  readonly ports?: readonly number[];
  /** Requests on each connection. */
  readonly messages: number;
  readonly bytes: number;
  /** Bytes of filler in each request: over TCP in its header. */
  readonly upload?: number;
  readonly timeout: number;
  /** Stay open under this name until they are released. */
  readonly hold?: string;
}

/** FTP sessions with real servers that serve FTP, one after the other; each fetches a file over data connections of its own. */
export interface FtpTraffic {
  readonly kind: 'ftp';
  readonly from: string;
  readonly to: string;
  /** How data connections are agreed on: passive (PASV, EPSV) or active (PORT, EPRT). */
  readonly command: FtpCommand;
  readonly sessions: number;
  /** Data connections of each session. */
  readonly transfers: number;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Seconds that a transfer may take. */
  readonly timeout: number;
}

/** Closes connections that were held open, and waits until they are. */
export interface Release {
  readonly kind: 'release';
  readonly hold: string;
}

/** What the administrator changes at the service between connections. */
export interface Edit {
  readonly kind: 'edit';
  /** Node name to its new weight. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly add?: readonly LabRealServer[];
  readonly remove?: readonly string[];
}

/** keepalived takes the service over: what ipvsadm set up is cleared, and keepalived sets it up again. */
export interface Keepalived {
  readonly kind: 'keepalived';
  /** Real servers are checked by TCP connections, so often (seconds); default: not at all. */
  readonly check?: {readonly interval: number; readonly timeout: number};
}

/** The server program of a real server is stopped or started: HTTP over TCP only. */
export interface Serve {
  readonly kind: 'serve';
  readonly node: string;
  readonly up: boolean;
}

/** Waits until the service has the real server, or has it no more. */
export interface Until {
  readonly kind: 'until';
  readonly node: string;
  readonly listed: boolean;
  /** The longest that it may take, in seconds. */
  readonly seconds: number;
}

/** The timeouts of connection entries, in seconds (`ipvsadm --set`): of TCP, of TCP after a FIN, of UDP. */
export interface Timeouts {
  readonly kind: 'timeouts';
  readonly tcp?: number;
  readonly finWait?: number;
  readonly udp?: number;
}

/** Waits until the director has neither a connection entry nor a persistence template any more. */
export interface Expire {
  readonly kind: 'expire';
  /** The longest that it may take, in seconds. */
  readonly seconds: number;
}

export type Step =
  | HttpTraffic
  | ConnectionTraffic
  | FtpTraffic
  | Release
  | Edit
  | Keepalived
  | Serve
  | Until
  | Timeouts
  | Expire;
