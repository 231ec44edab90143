import {http, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'TUN: the director wraps the packet for a real server in another network',
  claims: ['TUN1', 'TUN2', 'TUN3', 'TUN4', 'TUN5'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'ipip'}},
    {node: 'rs2', forward: 'tunnel', tunnel: {type: 'ipip'}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director'},
      {
        link: 'director > router',
        ip: ['DIP > RIP', 'CIP > VIP'],
        encapsulation: 'ipip',
        proves: ['TUN1'],
      },
      // The router forwards the outer packet: the inner one, its TTL included, is not touched.
      {link: 'router > rs', ttl: 0, proves: ['TUN1', 'TUN2', 'TUN4']},
    ],
    reply: [
      {link: 'rs > router', ip: 'VIP > CIP', ports: '80 > CPORT', proves: ['TUN2', 'TUN3', 'TUN5']},
      {link: 'router > client', proves: ['TUN3']},
    ],
    never: [{at: 'director', direction: 'reply', proves: ['TUN3']}],
    answers: {proves: ['TUN2', 'TUN5']},
    facts: [
      {kind: 'no-shared-network', nodes: ['director', 'rs1'], proves: ['TUN4']},
      {kind: 'no-shared-network', nodes: ['director', 'rs2'], proves: ['TUN4']},
    ],
  },
  counter: [
    {
      claim: 'TUN5',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
    {
      claim: 'TUN5',
      when: 'rp_filter=1 on the real servers',
      change: {setup: {rpFilter: 1}},
      cause: 'reverse-path-filter',
    },
  ],
});
