import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'GUE over IPv4 carries IPv6',
  claims: ['T-6IN4-GUE'],
  topology: 'remote-real-servers',
  family: 'v6',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {
      node: 'rs1',
      family: 'v4',
      forward: 'tunnel',
      tunnel: {type: 'gue', port: 6080, checksum: 'none'},
    },
    {
      node: 'rs2',
      family: 'v4',
      forward: 'tunnel',
      tunnel: {type: 'gue', port: 6080, checksum: 'none'},
    },
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'gue',
    carrier: {checksum: false, port: 6080},
    wraps: ['T-6IN4-GUE'],
    serves: ['T-6IN4-GUE'],
  }),
  counter: [
    {
      claim: 'T-6IN4-GUE',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
  ],
});
