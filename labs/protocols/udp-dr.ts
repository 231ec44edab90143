import {connections, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'UDP with direct routing: the datagrams of one 5-tuple stay with one real server',
  claims: ['P-udp', 'A-stats', 'A-entries'],
  topology: 'routed-lan',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 4, messages: 3}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 5300'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > VIP', ports: 'CPORT > 5300', proves: ['P-udp']},
    ],
    reply: [
      {link: 'rs > router', ip: 'VIP > CIP', ports: '5300 > CPORT'},
      {link: 'router > client'},
    ],
    never: [{at: 'director', direction: 'reply'}],
    entries: {proves: ['P-udp', 'A-entries']},
    counters: {proves: ['A-stats']},
    answers: {proves: ['P-udp']},
    schedule: {proves: ['P-udp']},
  },
  counter: [
    {
      claim: 'P-udp',
      when: 'the service schedules each datagram anew (-o)',
      change: {service: {onePacket: true}},
      cause: 'other-one-packet',
    },
  ],
});
