import {lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';
import gre from '../tunnels/gre.ts';
import path from './tun-path.ts';

const proves = ['M-TUN-path-gre'];
/** The carrier's bytes in front of the client's packet, beyond those of the IP header that ipip has. */
const more = 4;

export default lab({
  ...path.spec,
  title:
    'TUN with gre: the director hands on what a router on the way of the tunnel says of its MTU',
  claims: proves,
  realServers: gre.spec.realServers,
  expect: {
    ...path.spec.expect,
    ...tunnelledBehindRouter({
      encapsulation: 'gre',
      carrier: {checksum: false},
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
  counter: path.spec.counter.map(counter => ({...counter, claim: 'M-TUN-path-gre'})),
});
