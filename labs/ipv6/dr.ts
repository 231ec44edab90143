import {http, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'DR over IPv6: only the MACs change, and lo needs no sysctl to keep silent about the VIP',
  claims: ['V6-DR1', 'V6-DR2', 'V6-DR3', 'V6-DR4', 'V6-DR5'],
  topology: 'routed-lan',
  family: 'v6',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director', proves: ['V6-DR2', 'V6-DR4']},
      {
        link: 'director > rs',
        ip: 'CIP > VIP',
        ports: 'CPORT > 80',
        proves: ['V6-DR1', 'V6-DR5'],
      },
    ],
    reply: [
      {link: 'rs > router', ip: 'VIP > CIP', ports: '80 > CPORT', proves: ['V6-DR2']},
      {link: 'router > client'},
    ],
    never: [{at: 'director', direction: 'reply', proves: ['V6-DR2']}],
    facts: [
      {kind: 'arp-answered-only-by', address: 'VIP', node: 'director', proves: ['V6-DR4']},
      {kind: 'gateway', node: 'rs1', via: 'router', proves: ['V6-DR2']},
      {kind: 'gateway', node: 'rs2', via: 'router', proves: ['V6-DR2']},
      {kind: 'shared-network', nodes: ['director', 'rs1'], proves: ['V6-DR3']},
      {kind: 'shared-network', nodes: ['director', 'rs2'], proves: ['V6-DR3']},
    ],
  },
  counter: [
    {
      claim: 'V6-DR3',
      when: 'the real servers stand behind a router',
      change: {topology: 'remote-real-servers'},
      cause: 'real-server-behind-router',
    },
    {
      claim: 'V6-DR4',
      when: 'the real servers hold the VIP on their LAN interface, not on lo',
      change: {setup: {vipOn: 'lan'}},
      cause: 'real-server-answers-arp',
    },
    {
      claim: 'V6-DR5',
      when: 'the real servers listen on port 8080, the service on 80',
      change: {listen: 8080},
      cause: 'port-not-rewritten',
    },
  ],
});
