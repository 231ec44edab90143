import {http, lab} from '../../src/lab/define.ts';

// Mainline Linux has no full NAT of its own: this is IPVS masq with netfilter SNAT and vs.conntrack=1.
export default lab({
  title: 'Full NAT (masq + SNAT + conntrack): source and destination change, in both directions',
  claims: ['FN1', 'FN2', 'FN3', 'FN4'],
  topology: 'remote-real-servers',
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
      {link: 'director > router', ip: 'LIP > RIP', ports: 'LPORT > 80', proves: ['FN1']},
      {link: 'router > rs', proves: ['FN1', 'FN3', 'FN4']},
    ],
    reply: [
      {link: 'rs > router', ip: 'RIP > LIP', ports: '80 > LPORT', proves: ['FN2', 'FN3']},
      {link: 'router > director'},
      {link: 'director > router', ip: 'VIP > CIP', ports: '80 > CPORT', proves: ['FN2']},
      {link: 'router > client'},
    ],
    never: [
      {at: 'client', anyAddress: ['RIP1', 'RIP2', 'LIP'], proves: ['FN2']},
      {at: 'rs1', anyAddress: ['CIP'], proves: ['FN4']},
      {at: 'rs2', anyAddress: ['CIP'], proves: ['FN4']},
    ],
    facts: [
      {kind: 'no-shared-network', nodes: ['director', 'rs1'], proves: ['FN3']},
      {kind: 'no-shared-network', nodes: ['director', 'rs2'], proves: ['FN3']},
      {kind: 'no-route', node: 'rs1', to: 'CIP', proves: ['FN3']},
      {kind: 'no-route', node: 'rs2', to: 'CIP', proves: ['FN3']},
      {kind: 'logged-peer', node: 'rs1', is: 'LIP', not: 'CIP', proves: ['FN4']},
      {kind: 'logged-peer', node: 'rs2', is: 'LIP', not: 'CIP', proves: ['FN4']},
    ],
  },
  counter: [
    {
      claim: 'FN1',
      when: 'net.ipv4.vs.conntrack is 0',
      change: {setup: {conntrack: 0}},
      cause: 'no-source-nat',
    },
  ],
});
