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
  counter: tun.spec.counter.map(counter => ({...counter, claim: 'M-TUN6'})),
});
