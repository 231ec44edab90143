import {exchange, packet, repeat, setSysctl, shows} from '../../src/lab/define.ts';

const claim = 'Y-conn-lfactor';
const many = 100;
const datagrams = (port: number, ...proves: string[]) =>
  repeat(
    many,
    {from: 'client', ip: 'CIP > VIP', udp: {ports: `${port} > 5300`}, payload: 'one of many'},
    [
      [
        'client > director',
        {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 5301`, proves},
      ],
    ],
  );
/** Of the first, one in the middle and the last. */
const answers = (from: number) =>
  [from, from + 49, from + many - 1].map(port =>
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      udp: {ports: `5301 > ${port}`},
      payload: 'and its answer',
      path: [
        'rs1 > director',
        {link: 'director > client', ip: 'VIP > CIP', ports: `5300 > ${port}`, proves: [claim]},
      ],
    }),
  );
const buckets = (number: number, factor: number) =>
  shows({
    node: 'director',
    what: '/proc/net/ip_vs_status',
    lines: [`^Conn buckets:\\s${number} .*lfactor ${factor}\\)$`],
    within: 30,
    proves: [claim],
  });

export default exchange({
  title: 'conn_lfactor: how large the table is that holds the connection entries',
  claims: [claim],
  topology: 'farm',
  needs: ['net.ipv4.vs.conn_lfactor'],
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sysctls: {director: {'net.ipv4.vs.conn_lfactor': 0}},
  steps: [
    datagrams(4000),
    buckets(256, 0),
    setSysctl('director', {'net.ipv4.vs.conn_lfactor': -4}),
    buckets(2048, -4),
    // All are found in the table that was made anew, from both sides.
    datagrams(4000, claim),
    ...answers(4000),
    // And the table grows with its entries.
    datagrams(5000),
    buckets(4096, -4),
    datagrams(4000, claim),
    ...answers(5000),
  ],
  counter: [
    {
      claim,
      when: 'it stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.conn_lfactor': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
