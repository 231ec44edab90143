import {http, lab} from '../../src/lab/define.ts';
import {tunnelledBehindRouter} from '../../src/lab/tunnel-path.ts';

// ipvs_gue_encap (net/netfilter/ipvs/ip_vs_xmit.c) adds the option only to a packet whose checksum is still to be computed.
export default lab({
  title:
    'GUE with --tun-remcsum: a packet whose checksum is whole gets a UDP checksum and no option',
  claims: ['T-GUER1', 'T-GUER2'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'remote'}},
    {node: 'rs2', forward: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'remote'}},
  ],
  traffic: http({from: 'client', to: 'VIP', requests: 4}),
  expect: tunnelledBehindRouter({
    encapsulation: 'gue',
    carrier: {checksum: true, port: 6080, remoteChecksum: false},
    wraps: ['T-GUER1'],
    serves: ['T-GUER2'],
  }),
  counter: [
    {
      claim: 'T-GUER1',
      when: 'the service asks for no UDP checksum',
      change: {tunnel: {type: 'gue', port: 6080, checksum: 'none'}},
      cause: 'other-tunnel',
    },
    {
      claim: 'T-GUER2',
      when: "the real servers' tunnel device is down",
      change: {setup: {tunnelUp: false}},
      cause: 'tunnel-device-down',
    },
  ],
});
