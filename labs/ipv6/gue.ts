import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'GUE over IPv6 with --tun-csum: the UDP checksum is there and good',
  claims: ['V6-GUE1', 'V6-GUE2'],
  topology: 'remote-real-servers',
  family: 'v6',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'checksum'}},
    {node: 'rs2', forward: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'checksum'}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'gue',
    carrier: {checksum: true, port: 6080},
    wraps: ['V6-GUE1'],
    serves: ['V6-GUE2'],
  }),
  counter: [
    {
      claim: 'V6-GUE1',
      when: 'the service asks for no UDP checksum',
      change: {tunnel: {type: 'gue', port: 6080, checksum: 'none'}},
      cause: 'other-tunnel',
    },
    {
      claim: 'V6-GUE2',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
  ],
});
