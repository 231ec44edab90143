import {connections, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'SCTP with direct routing: the association is between client and real server as the VIP',
  claims: ['P-sctp'],
  topology: 'routed-lan',
  service: {protocol: 'sctp', vip: 'VIP', port: 3868, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 4, messages: 2}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 3868'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > VIP', ports: 'CPORT > 3868', proves: ['P-sctp']},
    ],
    reply: [
      {link: 'rs > router', ip: 'VIP > CIP', ports: '3868 > CPORT', proves: ['P-sctp']},
      {link: 'router > client'},
    ],
    never: [{at: 'director', direction: 'reply', proves: ['P-sctp']}],
    answers: {proves: ['P-sctp']},
    schedule: {proves: ['P-sctp']},
  },
  counter: [
    {
      claim: 'P-sctp',
      when: 'the real servers listen on port 3869, the service on 3868',
      change: {listen: 3869},
      cause: 'port-not-rewritten',
    },
  ],
});
