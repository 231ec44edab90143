import {connections, lab} from '../../src/lab/define.ts';

export default lab({
  title:
    'One-packet scheduling: each datagram of one 5-tuple is scheduled anew, and no entry stays',
  claims: ['P-ops'],
  topology: 'routed-lan',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr', onePacket: true},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 2, messages: 5}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 5300'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > VIP', ports: 'CPORT > 5300', proves: ['P-ops']},
    ],
    reply: [
      {link: 'rs > router', ip: 'VIP > CIP', ports: '5300 > CPORT'},
      {link: 'router > client'},
    ],
    never: [{at: 'director', direction: 'reply'}],
    entries: {proves: ['P-ops']},
    answers: {proves: ['P-ops']},
    schedule: {proves: ['P-ops']},
  },
  counter: [
    {
      claim: 'P-ops',
      when: 'the service keeps an entry for the 5-tuple (no -o)',
      change: {service: {onePacket: false}},
      cause: 'other-one-packet',
    },
  ],
});
