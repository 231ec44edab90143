import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title:
    "GRE with --tun-csum: the checksum is there and good, and the real server's device must take it",
  claims: ['T-GREC1', 'T-GREC2'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'gre', checksum: true}},
    {node: 'rs2', forward: 'tunnel', tunnel: {type: 'gre', checksum: true}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'gre',
    carrier: {checksum: true},
    wraps: ['T-GREC1'],
    serves: ['T-GREC2'],
  }),
  counter: [
    {
      claim: 'T-GREC1',
      when: 'the service asks for no GRE checksum',
      change: {tunnel: {type: 'gre', checksum: false}},
      cause: 'other-tunnel',
    },
    {
      claim: 'T-GREC2',
      when: 'the packets arrive at gre0, which takes no checksums',
      change: {setup: {greDevice: 'fallback'}},
      cause: 'gre-checksum-refused',
    },
  ],
});
