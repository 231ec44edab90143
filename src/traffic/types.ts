/** Connections from one client to a virtual service, one after the other, each with a unique token a message. */
export interface Connections {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** Destination, IPv4 or IPv6, without brackets. */
  readonly address: string;
  readonly port: number;
  /** One a connection, in order. Without a source the kernel chooses; sourcePort fixes the port. */
  readonly connections: readonly {
    readonly source?: string | undefined;
    readonly sourcePort?: number | undefined;
    /** Another destination, of the same family. */
    readonly to?: {readonly address: string; readonly port: number} | undefined;
  }[];
  /** Messages on each connection: UDP datagrams of one 5-tuple, HTTP requests on one kept-alive TCP connection. */
  readonly messages: number;
  /** Bytes of each answer (at least 64: see nodes/http.ts). */
  readonly bytes: number;
  /** Bytes of filler in each request; over TCP in its header, of which a server takes no more than some 28,000. */
  readonly upload?: number | undefined;
  /** Seconds that each message may take; the first has the connection's beginning in it. */
  readonly timeout: number;
  /** Connections stay open under this name until released. */
  readonly hold?: string | undefined;
}
