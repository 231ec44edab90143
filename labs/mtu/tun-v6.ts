import {lab} from '../../src/lab/define.ts';
import tun from './tun.ts';

const {request, reply, errors = []} = tun.spec.expect;
const proves = ['M-TUN6'];

export default lab({
  ...tun.spec,
  title: `IPv6: ${tun.spec.title}`,
  claims: proves,
  family: 'v6',
  expect: {
    request: request.map(hop => (hop.proves === undefined ? hop : {...hop, proves})),
    reply,
    errors: errors.map(error => ({...error, type: 2, code: 0, mtu: 1460, proves})),
    answers: {proves},
  },
  counter: [
    {
      claim: 'M-TUN6',
      // pmtu_disc is of IPv4 alone.
      when: 'the service wraps with gre',
      change: {tunnel: {type: 'gre', checksum: false}},
      cause: 'other-tunnel',
    },
  ],
});
