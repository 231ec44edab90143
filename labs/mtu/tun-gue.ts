import {lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';
import gue from '../tunnels/gue.ts';
import tun from './tun.ts';

const {errors = []} = tun.spec.expect;

export default lab({
  ...tun.spec,
  title:
    'TUN with gue: a request that does not fit the tunnel is refused, and the client sends less',
  realServers: gue.spec.realServers,
  expect: {
    ...tunnelledBehindRouter({
      encapsulation: 'gue',
      carrier: {checksum: false, port: 6080},
      wraps: ['M-TUN'],
      serves: ['M-TUN'],
    }),
    errors: errors.map(error => ({...error, mtu: 1468})),
  },
});
