import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'GRE over IPv6: next header 47, no checksum, the inner packet unchanged',
  claims: ['V6-GRE1', 'V6-GRE2'],
  topology: 'remote-real-servers',
  family: 'v6',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'gre', checksum: false}},
    {node: 'rs2', forward: 'tunnel', tunnel: {type: 'gre', checksum: false}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'gre',
    carrier: {checksum: false},
    wraps: ['V6-GRE1'],
    serves: ['V6-GRE2'],
  }),
  counter: [
    {
      claim: 'V6-GRE1',
      when: 'the service asks for GRE checksums',
      change: {tunnel: {type: 'gre', checksum: true}},
      cause: 'other-tunnel',
    },
    {
      claim: 'V6-GRE1',
      when: 'the service wraps with ipip',
      change: {tunnel: {type: 'ipip'}},
      cause: 'other-tunnel',
    },
    {
      claim: 'V6-GRE2',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
  ],
});
