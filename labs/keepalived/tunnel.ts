import {http, keepalived, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'TUN configured by ipvsadm, then by keepalived: the same services, the same packets',
  claims: ['K1'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'ipip'}},
    {node: 'rs2', forward: 'tunnel', tunnel: {type: 'ipip'}},
  ],
  traffic: [
    http({from: 'client', to: 'VIP', requests: 4}),
    keepalived(),
    http({from: 'client', to: 'VIP', requests: 4}),
  ],
  expect: {
    request: [
      {link: 'client > router', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'router > director'},
      {link: 'director > router', ip: ['DIP > RIP', 'CIP > VIP'], encapsulation: 'ipip'},
      {link: 'router > rs', ttl: 0},
    ],
    reply: [{link: 'rs > router', ip: 'VIP > CIP', ports: '80 > CPORT'}, {link: 'router > client'}],
    same: {proves: ['K1']},
  },
  counter: [
    {
      claim: 'K1',
      when: 'keepalived is told to forward with masq',
      change: {keepalived: {forward: 'masq'}},
      cause: 'forwarding-method',
    },
  ],
});
