import {http, keepalived, lab} from '../../src/lab/define.ts';
import {drouteOnOneLan} from '../../src/lab/paths.ts';

export default lab({
  title: 'DR configured by ipvsadm, then by keepalived: the same services, the same packets',
  claims: ['K1'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  traffic: [
    http({from: 'client', to: 'VIP', requests: 4}),
    keepalived(),
    http({from: 'client', to: 'VIP', requests: 4}),
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
