import type {TraceOptions} from '../trace/types.ts';
import type {Expectation} from './types.ts';

/** How the packets of a run must be followed: those of FTP's control connections without what its helper may rewrite. */
export const traceOptions = (
  expectation: Pick<Expectation, 'ftp' | 'virtual' | 'realServers'> | {readonly kind: 'exchange'},
): TraceOptions => {
  if ('kind' in expectation || expectation.ftp === undefined) return {};
  const {virtual, realServers} = expectation;
  return {helpedPorts: [virtual.port, ...realServers.map(({port}) => port)]};
};
