import {http, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'DR: only the MACs change on the way in, and the reply skips the director',
  claims: ['DR1', 'DR2', 'DR3', 'DR4', 'DR5', 'DR6', 'DR7'],
  topology: 'routed-lan',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director', proves: ['DR2', 'DR4']},
      {link: 'director > rs', ip: 'CIP > VIP', ports: 'CPORT > 80', proves: ['DR1', 'DR6']},
    ],
    reply: [
      {
        link: 'rs > router',
        ip: 'VIP > CIP',
        ports: '80 > CPORT',
        proves: ['DR2', 'DR5', 'DR7'],
      },
      {link: 'router > client'},
    ],
    never: [{at: 'director', direction: 'reply', proves: ['DR2']}],
    facts: [
      {kind: 'arp-answered-only-by', address: 'VIP', node: 'director', proves: ['DR4']},
      {kind: 'gateway', node: 'rs1', via: 'router', proves: ['DR5']},
      {kind: 'gateway', node: 'rs2', via: 'router', proves: ['DR5']},
      {kind: 'shared-network', nodes: ['director', 'rs1'], proves: ['DR3']},
      {kind: 'shared-network', nodes: ['director', 'rs2'], proves: ['DR3']},
    ],
  },
  counter: [
    {
      claim: 'DR3',
      when: 'the real servers stand behind a router',
      change: {topology: 'remote-real-servers'},
      cause: 'real-server-behind-router',
    },
    {
      claim: 'DR4',
      when: 'the real servers do not suppress ARP for the VIP',
      change: {setup: {arpSuppression: false}},
      cause: 'real-server-answers-arp',
    },
    {
      claim: 'DR6',
      when: 'the real servers listen on port 8080, the service on 80',
      change: {listen: 8080},
      cause: 'port-not-rewritten',
    },
  ],
});
