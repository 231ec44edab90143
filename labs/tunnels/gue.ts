import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

export default lab({
  title: 'GUE: UDP port 6080 without a checksum, no option, the inner packet unchanged',
  claims: ['T-GUE1', 'T-GUE2'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'none'}},
    {node: 'rs2', forward: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'none'}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'gue',
    carrier: {checksum: false, port: 6080},
    wraps: ['T-GUE1'],
    serves: ['T-GUE2'],
  }),
  counter: [
    {
      claim: 'T-GUE1',
      when: 'the service asks for UDP checksums',
      change: {tunnel: {type: 'gue', port: 6080, checksum: 'checksum'}},
      cause: 'other-tunnel',
    },
    {
      claim: 'T-GUE2',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
  ],
});
