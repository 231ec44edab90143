import {connections, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'A firewall mark: two addresses and two ports are one service',
  claims: ['P-fwmark'],
  topology: 'farm',
  service: {
    protocol: 'tcp',
    vip: 'VIP',
    port: 80,
    mark: {number: 7, ports: [8080], addresses: 2},
    scheduler: 'rr',
  },
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
    {node: 'rs3', forward: 'droute'},
  ],
  // In turn over four pairs of address and port: as four services, each would begin at the same real server.
  traffic: connections({
    from: 'client',
    to: 'VIP',
    connections: 12,
    destinations: 2,
    ports: [80, 8080],
  }),
  expect: {
    request: [
      {link: 'client > director', ip: 'CIP > VIP', ports: 'CPORT > VPORT'},
      {link: 'director > rs', ip: 'CIP > VIP', proves: ['P-fwmark']},
    ],
    reply: [{link: 'rs > client', ip: 'VIP > CIP', ports: 'VPORT > CPORT'}],
    entries: {proves: ['P-fwmark']},
    answers: {proves: ['P-fwmark']},
    schedule: {proves: ['P-fwmark']},
  },
  counter: [
    {
      claim: 'P-fwmark',
      when: 'the director does not mark what comes for port 8080',
      change: {unmarked: [8080]},
      cause: 'not-marked',
    },
  ],
});
