import {lab} from '../../src/lab/define.ts';
import {errorsInCarrier, tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';
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
    errors: errorsInCarrier(path.spec.expect.errors, more, proves),
    answers: {proves},
  },
  counter: path.spec.counter.map(counter => ({...counter, claim: 'M-TUN-path-gue'})),
});
