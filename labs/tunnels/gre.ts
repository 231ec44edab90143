import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'GRE: protocol 47, no checksum, the inner packet unchanged',
  claims: ['T-GRE1', 'T-GRE2'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'gre', checksum: false}},
    {node: 'rs2', forward: 'tunnel', tunnel: {type: 'gre', checksum: false}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'gre',
    carrier: {checksum: false},
    wraps: ['T-GRE1'],
    serves: ['T-GRE2'],
  }),
  counter: [
    {
      claim: 'T-GRE1',
      when: 'the service asks for GRE checksums',
      change: {tunnel: {type: 'gre', checksum: true}},
      cause: 'other-tunnel',
    },
    {
      claim: 'T-GRE1',
      when: 'the service wraps with ipip',
      change: {tunnel: {type: 'ipip'}},
      cause: 'other-tunnel',
    },
    {
      claim: 'T-GRE2',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
  ],
});
