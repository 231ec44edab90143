import {lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';
import gue from '../tunnels/gue.ts';
import path from './tun-path.ts';

const proves = ['M-TUN-path-gue'];
/** The carrier's bytes in front of the client's packet, beyond those of the IP header that ipip has. */
const more = 12;

export default lab({
  ...path.spec,
  title:
    'TUN with gue: the director hands on what a router on the way of the tunnel says of its MTU',
  claims: proves,
  realServers: gue.spec.realServers,
  expect: {
    ...path.spec.expect,
    ...tunnelledBehindRouter({
      encapsulation: 'gue',
      carrier: {checksum: false, port: 6080},
      wraps: proves,
      serves: proves,
    }),
    // The router's own says what its link takes; the director's are of what is in the tunnel.
    errors: (path.spec.expect.errors ?? []).map(({over, quotedBytes, ...error}) => ({
      ...error,
      ...(error.quotedTtl === undefined ? {} : {mtu: (error.mtu ?? 0) - more}),
      ...(over === undefined ? {} : {over: over - more}),
      ...(quotedBytes === undefined ? {} : {quotedBytes: quotedBytes - more}),
      proves,
    })),
    answers: {proves},
  },
  counter: path.spec.counter.map(counter => ({...counter, claim: 'M-TUN-path-gue'})),
});
