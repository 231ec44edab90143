import {exchange, packet, setSysctl, shows} from '../../src/lab/define.ts';

const claim = 'Y-svc-lfactor';
const buckets = (number: number, factor: number) =>
  shows({
    node: 'director',
    what: '/proc/net/ip_vs_status',
    lines: ['^Services:\\s1$', `^Service buckets:\\s${number} .*lfactor ${factor}\\)$`],
    within: 30,
    proves: [claim],
  });
const datagram = (port: number) =>
  packet({
    from: 'client',
    ip: 'CIP > VIP',
    udp: {ports: `${port} > 5300`},
    payload: 'hello',
    path: [
      'client > director',
      {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 5301`, proves: [claim]},
    ],
  });

export default exchange({
  title: 'svc_lfactor: how large the table is that holds the services',
  claims: [claim],
  topology: 'farm',
  needs: ['net.ipv4.vs.svc_lfactor'],
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sysctls: {director: {'net.ipv4.vs.svc_lfactor': 0}},
  steps: [
    buckets(16, 0),
    datagram(4000),
    setSysctl('director', {'net.ipv4.vs.svc_lfactor': -8}),
    buckets(256, -8),
    datagram(4001),
  ],
  counter: [
    {
      claim,
      when: 'it stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.svc_lfactor': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
