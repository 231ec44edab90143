import {http, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'NAT: the director rewrites the destination on the way in and the source on the way back',
  claims: ['NAT1', 'NAT2', 'NAT3', 'NAT4', 'NAT5', 'NAT6', 'NAT7', 'NAT8', 'A-stats', 'A-entries'],
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 8080},
    {node: 'rs2', forward: 'masq', port: 8080},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > RIP', ports: 'CPORT > 8080', proves: ['NAT1', 'NAT7']},
    ],
    reply: [
      {link: 'rs > director', ip: 'RIP > CIP', ports: '8080 > CPORT', proves: ['NAT3', 'NAT6']},
      {
        link: 'director > router',
        ip: 'VIP > CIP',
        ports: '80 > CPORT',
        proves: ['NAT4', 'NAT6', 'NAT7'],
      },
      {link: 'router > client', proves: ['NAT5']},
    ],
    never: [{at: 'client', anyAddress: ['RIP1', 'RIP2', 'DIP'], proves: ['NAT5']}],
    entries: {proves: ['NAT2', 'A-entries']},
    counters: {proves: ['A-stats']},
    facts: [
      {kind: 'gateway', node: 'rs1', via: 'director', proves: ['NAT3']},
      {kind: 'gateway', node: 'rs2', via: 'director', proves: ['NAT3']},
      {kind: 'only-in-network', network: 'outer', nodes: ['router', 'director'], proves: ['NAT8']},
      {kind: 'bytes', node: 'director', direction: 'request', passes: true, proves: ['NAT6']},
      {kind: 'bytes', node: 'director', direction: 'reply', passes: true, proves: ['NAT6']},
    ],
  },
  counter: [
    {
      claim: 'NAT3',
      when: "the real servers' default gateway is the router",
      change: {setup: {gateway: 'router'}},
      cause: 'reply-bypasses-director',
    },
    {
      claim: 'A-stats',
      when: 'netfilter translates at the director just as IPVS would, before IPVS sees a packet',
      change: {setup: {netfilterInstead: true}},
      cause: 'not-by-ipvs',
    },
  ],
});
