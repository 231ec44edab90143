import {http, keepalived, lab} from '../../src/lab/define.ts';

export default lab({
  title: 'NAT configured by ipvsadm, then by keepalived: the same services, the same packets',
  claims: ['K1'],
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 8080},
    {node: 'rs2', forward: 'masq', port: 8080},
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
      {link: 'director > rs', ip: 'CIP > RIP', ports: 'CPORT > 8080'},
    ],
    reply: [
      {link: 'rs > director', ip: 'RIP > CIP', ports: '8080 > CPORT'},
      {link: 'director > router', ip: 'VIP > CIP', ports: '80 > CPORT'},
      {link: 'router > client'},
    ],
    same: {proves: ['K1']},
  },
  counter: [
    {
      claim: 'K1',
      when: 'keepalived is told to forward with droute',
      change: {keepalived: {forward: 'droute'}},
      cause: 'forwarding-method',
    },
  ],
});
