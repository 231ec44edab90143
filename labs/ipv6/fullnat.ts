import {http, lab} from '../../src/lab/define.ts';

// Mainline Linux has no full NAT of its own: this is IPVS masq with ip6tables' SNAT and vs.conntrack=1.
export default lab({
  title: 'Full NAT over IPv6 (masq + SNAT + conntrack): source and destination change, both ways',
  claims: ['V6-FN1', 'V6-FN2', 'V6-FN3', 'V6-FN4'],
  topology: 'remote-real-servers',
  family: 'v6',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'fullnat'},
    {node: 'rs2', forward: 'fullnat'},
  ],
  // The real servers know the way to the director's network only: no default route at all.
  setup: {gateway: 'none'},
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director'},
      {link: 'director > router', ip: 'LIP > RIP', ports: 'LPORT > 80', proves: ['V6-FN1']},
      {link: 'router > rs', proves: ['V6-FN1', 'V6-FN3', 'V6-FN4']},
    ],
    reply: [
      {link: 'rs > router', ip: 'RIP > LIP', ports: '80 > LPORT', proves: ['V6-FN2', 'V6-FN3']},
      {link: 'router > director'},
      {link: 'director > router', ip: 'VIP > CIP', ports: '80 > CPORT', proves: ['V6-FN2']},
      {link: 'router > client'},
    ],
    never: [
      {at: 'client', anyAddress: ['RIP1', 'RIP2', 'LIP'], proves: ['V6-FN2']},
      {at: 'rs1', anyAddress: ['CIP'], proves: ['V6-FN4']},
      {at: 'rs2', anyAddress: ['CIP'], proves: ['V6-FN4']},
    ],
    facts: [
      {kind: 'no-shared-network', nodes: ['director', 'rs1'], proves: ['V6-FN3']},
      {kind: 'no-shared-network', nodes: ['director', 'rs2'], proves: ['V6-FN3']},
      {kind: 'no-route', node: 'rs1', to: 'CIP', proves: ['V6-FN3']},
      {kind: 'no-route', node: 'rs2', to: 'CIP', proves: ['V6-FN3']},
      {kind: 'logged-peer', node: 'rs1', is: 'LIP', not: 'CIP', proves: ['V6-FN4']},
      {kind: 'logged-peer', node: 'rs2', is: 'LIP', not: 'CIP', proves: ['V6-FN4']},
    ],
  },
  counter: [
    {
      claim: 'V6-FN1',
      when: 'net.ipv4.vs.conntrack is 0',
      change: {setup: {conntrack: 0}},
      cause: 'no-source-nat',
    },
  ],
});
