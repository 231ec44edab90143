import {lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';
import gre from '../tunnels/gre.ts';
import tun from './tun.ts';

const {errors = []} = tun.spec.expect;

export default lab({
  ...tun.spec,
  title:
    'TUN with gre: a request that does not fit the tunnel is refused, and the client sends less',
  realServers: gre.spec.realServers,
  expect: {
    ...tunnelledBehindRouter({
      encapsulation: 'gre',
      carrier: {checksum: false},
      wraps: ['M-TUN'],
      serves: ['M-TUN'],
    }),
    errors: errors.map(error => ({...error, mtu: 1476})),
  },
});
