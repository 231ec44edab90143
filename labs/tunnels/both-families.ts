import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'One IPv4 service with a real server at an IPv4 address and one at an IPv6 address',
  claims: ['T-MIXED1'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'ipip'}},
    {node: 'rs2', family: 'v6', forward: 'tunnel', tunnel: {type: 'ipip'}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: {
    ...tunnelledBehindRouter({encapsulation: 'ipip', wraps: ['T-MIXED1'], serves: ['T-MIXED1']}),
    entries: {proves: ['T-MIXED1']},
    schedule: {proves: ['T-MIXED1']},
  },
  counter: [
    {
      claim: 'T-MIXED1',
      when: 'the device for IPv4 in IPv6 is in the mode that it has at first, ip6ip6',
      change: {setup: {tunnelMode: 'default'}},
      cause: 'tunnel-mode',
    },
  ],
});
