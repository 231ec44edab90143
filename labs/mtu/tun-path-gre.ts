import {lab} from '../../src/lab/define.ts';
import {errorsInCarrier, tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';
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
    errors: errorsInCarrier(path.spec.expect.errors, more, proves),
    answers: {proves},
  },
  counter: path.spec.counter.map(counter => ({...counter, claim: 'M-TUN-path-gre'})),
});
