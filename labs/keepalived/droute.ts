import {http, keepalived, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title:
    'DR configured by ipvsadm, then by keepalived: the same services and weights, the same packets',
  claims: ['K1'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'wrr'},
  realServers: [
    {node: 'rs1', forward: 'droute', weight: 3},
    {node: 'rs2', forward: 'droute'},
  ],
  traffic: [
    http({from: 'client', to: 'VIP', requests: 8}),
    keepalived(),
    http({from: 'client', to: 'VIP', requests: 8}),
  ],
  expect: {...drouteOnOneLan, same: {proves: ['K1']}},
  counter: [
    {
      claim: 'K1',
      when: 'keepalived is told to forward with masq',
      change: {keepalived: {forward: 'masq'}},
      cause: 'forwarding-method',
    },
  ],
});
