import {connections, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'Persistence by a firewall mark: a client has one real server on both ports',
  claims: ['P-fwmark-persistence'],
  topology: 'farm',
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    mark: {number: 7, ports: [8080]},
    scheduler: 'rr',
    persistence: {timeout: 300},
  },
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
    {node: 'rs3', forward: 'droute'},
  ],
  traffic: connections({
    from: 'client',
    to: 'VIP',
    connections: 20,
    sources: 5,
    destinations: 1,
    ports: [80, 8080],
  }),
  expect: {
    request: [
      {link: 'client > director', ip: 'CIP > VIP', ports: 'CPORT > VPORT'},
      {link: 'director > rs', ip: 'CIP > VIP', proves: ['P-fwmark-persistence']},
    ],
    reply: [{link: 'rs > client', ip: 'VIP > CIP', ports: 'VPORT > CPORT'}],
    entries: {proves: ['P-fwmark-persistence']},
    answers: {proves: ['P-fwmark-persistence']},
    schedule: {proves: ['P-fwmark-persistence']},
  },
  counter: [
    {
      claim: 'P-fwmark-persistence',
      when: 'the service is not persistent',
      change: {service: {persistence: undefined}},
      cause: 'other-persistence',
    },
  ],
});
