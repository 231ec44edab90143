import type {TraceOptions} from '../trace/types.ts';
import type {Expectation} from './types.ts';

/** How the packets of a run must be followed: those of FTP's control connections without what its helper may rewrite. */
export const traceOptions = ({
  ftp,
  virtual,
  realServers,
}: Pick<Expectation, 'ftp' | 'virtual' | 'realServers'>): TraceOptions =>
  ftp === undefined ? {} : {helpedPorts: [virtual.port, ...realServers.map(({port}) => port)]};
