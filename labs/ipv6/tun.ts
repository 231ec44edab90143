import {http, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'TUN over IPv6: the director wraps IPv6 in IPv6 for a real server in another network',
  claims: ['V6-TUN1', 'V6-TUN2', 'V6-TUN3', 'V6-TUN4'],
  topology: 'remote-real-servers',
  family: 'v6',
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
        proves: ['V6-TUN1'],
      },
      // The router forwards the outer packet: the inner one, its hop limit included, is not touched.
      {link: 'router > rs', ttl: 0, proves: ['V6-TUN1', 'V6-TUN2']},
    ],
    reply: [
      {
        link: 'rs > router',
        ip: 'VIP > CIP',
        ports: '80 > CPORT',
        proves: ['V6-TUN2', 'V6-TUN3', 'V6-TUN4'],
      },
      {link: 'router > client', proves: ['V6-TUN3']},
    ],
    never: [{at: 'director', direction: 'reply', proves: ['V6-TUN3']}],
    answers: {proves: ['V6-TUN2', 'V6-TUN4']},
    facts: [
      {kind: 'no-shared-network', nodes: ['director', 'rs1'], proves: ['V6-TUN2']},
      {kind: 'no-shared-network', nodes: ['director', 'rs2'], proves: ['V6-TUN2']},
    ],
  },
  counter: [
    {
      claim: 'V6-TUN4',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
    {
      claim: 'V6-TUN4',
      when: 'the real servers do not hold the VIP',
      change: {setup: {vipOnRealServer: false}},
      cause: 'vip-missing',
    },
  ],
});
