import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'IPv6 in IPv4: an IPv6 service at real servers that are reached by IPv4',
  claims: ['T-6IN4-1', 'T-6IN4-2'],
  topology: 'remote-real-servers',
  family: 'v6',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', family: 'v4', forward: 'tunnel', tunnel: {type: 'ipip'}},
    {node: 'rs2', family: 'v4', forward: 'tunnel', tunnel: {type: 'ipip'}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'ipip',
    wraps: ['T-6IN4-1'],
    serves: ['T-6IN4-2'],
  }),
  counter: [
    {
      claim: 'T-6IN4-2',
      when: "the real servers' sit0 is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
    {
      claim: 'T-6IN4-2',
      when: 'the real servers do not hold the VIP',
      change: {setup: {vipOnRealServer: false}},
      cause: 'vip-missing',
    },
  ],
});
