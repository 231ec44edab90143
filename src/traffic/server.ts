import {accessLog} from '../nodes/http.ts';
import {program, trafficFolder} from './program.ts';

/** What a real server answers with over UDP or SCTP. */
export interface MessageServer {
  readonly node: string;
  readonly protocol: 'udp' | 'sctp';
  readonly port: number;
  /** The RIP, and the VIP where the node holds it: the node must have them when the script runs. */
  readonly addresses: readonly string[];
}

/**
 * A script that (re)starts the node's server of this protocol and port, with a socket of its own at each address, and
 * ends when all are bound. The access log has a line for each message: `peer:port token protocol`, an IPv6 peer in
 * brackets.
 */
export const messageServerScript = ({node, protocol, port, addresses}: MessageServer): string =>
  [
    `mkdir -p ${trafficFolder}`,
    program('server', [protocol, String(port), node, trafficFolder, accessLog, ...addresses]),
  ].join('\n');
