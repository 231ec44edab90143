import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'IPv4 in IPv6: an IPv4 service at real servers that are reached by IPv6',
  claims: ['T-4IN6-1', 'T-4IN6-2'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', family: 'v6', forward: 'tunnel', tunnel: {type: 'ipip'}},
    {node: 'rs2', family: 'v6', forward: 'tunnel', tunnel: {type: 'ipip'}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'ipip',
    wraps: ['T-4IN6-1'],
    serves: ['T-4IN6-2'],
  }),
  counter: [
    {
      claim: 'T-4IN6-2',
      when: 'ip6tnl0 is up in the mode that it has at first, ip6ip6',
      change: {setup: {tunnelMode: 'default'}},
      cause: 'tunnel-mode',
    },
    {
      claim: 'T-4IN6-2',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
    {
      claim: 'T-4IN6-2',
      when: 'rp_filter=1 on the real servers',
      change: {setup: {rpFilter: 1}},
      cause: 'reverse-path-filter',
    },
  ],
});
