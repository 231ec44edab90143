import {connections, lab} from '../../src/lab/define.ts';
import udp from '../protocols/udp-dr.ts';

const {request, reply} = udp.spec.expect;
const proves = ['M-fragments'];

export default lab({
  ...udp.spec,
  title: 'UDP in fragments through DR: put together, scheduled once and sent on in fragments',
  claims: proves,
  traffic: connections({
    from: 'client',
    to: 'VIP',
    connections: 2,
    messages: 2,
    upload: 4000,
    bytes: 5000,
  }),
  expect: {
    request: request.map((hop, i) => ({...hop, ...(i === 0 ? {mtu: 1500} : {}), proves})),
    reply: reply.map((hop, i) => ({...hop, ...(i === 0 ? {mtu: 1500} : {}), proves})),
    never: [{at: 'director', direction: 'reply'}],
    entries: {proves},
    answers: {proves},
    schedule: {proves},
  },
  counter: udp.spec.counter.map(counter => ({...counter, claim: 'M-fragments'})),
});
