import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'GUE over IPv6 carries IPv4',
  claims: ['T-4IN6-GUE'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {
      node: 'rs1',
      family: 'v6',
      forward: 'tunnel',
      tunnel: {type: 'gue', port: 6080, checksum: 'checksum'},
    },
    {
      node: 'rs2',
      family: 'v6',
      forward: 'tunnel',
      tunnel: {type: 'gue', port: 6080, checksum: 'checksum'},
    },
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'gue',
    carrier: {checksum: true, port: 6080},
    wraps: ['T-4IN6-GUE'],
    serves: ['T-4IN6-GUE'],
  }),
  counter: [
    {
      claim: 'T-4IN6-GUE',
      when: 'ip6tnl0 is up in the mode that it has at first, ip6ip6',
      change: {setup: {tunnelMode: 'default'}},
      cause: 'tunnel-mode',
    },
    {
      claim: 'T-4IN6-GUE',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
  ],
});
