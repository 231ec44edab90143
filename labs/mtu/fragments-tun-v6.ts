import {lab} from '../../src/lab/define.ts';
import fragments from './fragments-tun.ts';
import tun from './tun.ts';

const {request, reply} = fragments.spec.expect;
const proves = ['M-fragments-tun6'];

export default lab({
  ...fragments.spec,
  title:
    'IPv6: fragments that do not fit the tunnel are refused; smaller ones are put together, wrapped as one and cut anew',
  claims: proves,
  family: 'v6',
  expect: {
    // The client cuts as it knows the path: for 1500 at first, and for what the director tells then.
    request: request.map((hop, i) => ({...hop, ...(i === 0 ? {mtu: [1500, 1460]} : {}), proves})),
    reply,
    errors: (tun.spec.expect.errors ?? []).map(error => ({
      ...error,
      type: 2,
      code: 0,
      mtu: 1460,
      path: error.path.map((hop, i) =>
        i === 0 ? {...hop, quotes: {ip: 'CIP > VIP', ports: 'CPORT > 5300'}} : hop,
      ),
      count: [1, 1],
      proves,
    })),
    answers: {proves},
    schedule: {proves},
  },
  counter: fragments.spec.counter.map(counter => ({...counter, claim: 'M-fragments-tun6'})),
});
