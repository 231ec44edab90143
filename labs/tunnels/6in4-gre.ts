import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'GRE over IPv4 carries IPv6',
  claims: ['T-6IN4-GRE'],
  topology: 'remote-real-servers',
  family: 'v6',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', family: 'v4', forward: 'tunnel', tunnel: {type: 'gre', checksum: false}},
    {node: 'rs2', family: 'v4', forward: 'tunnel', tunnel: {type: 'gre', checksum: false}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'gre',
    carrier: {checksum: false},
    wraps: ['T-6IN4-GRE'],
    serves: ['T-6IN4-GRE'],
  }),
  counter: [
    {
      claim: 'T-6IN4-GRE',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
  ],
});
