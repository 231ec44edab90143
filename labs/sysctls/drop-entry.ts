import {exchange, packet, repeat, setSysctl, shows} from '../../src/lab/define.ts';

const inward = (port: number, ...proves: string[]) => [
  'client > director',
  {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 8080`, proves},
];
const fromClient = {from: 'client', ip: 'CIP > VIP'};
const ports = '3000 > 80';
// A connection is active from its SYN on.
const connections = (number: string) => [`-> 192\\.0\\.2\\.21:8080 +Masq +1 +${number} +0 *$`];

export default exchange({
  title: 'drop_entry: the entries of a SYN flood are dropped at random',
  claims: ['Y-drop-entry'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sysctls: {director: {'net.ipv4.vs.drop_entry': 0}},
  steps: [
    packet({...fromClient, tcp: {ports, flags: 'S', seq: 1000}, path: inward(3000)}),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      tcp: {ports: '8080 > 3000', flags: 'S.', seq: 5000, ack: 1001},
      path: ['rs1 > director', {link: 'director > client', ip: 'VIP > CIP', ports: '80 > 3000'}],
    }),
    packet({...fromClient, tcp: {ports, flags: '.', seq: 1001, ack: 5001}, path: inward(3000)}),
    repeat(200, {...fromClient, tcp: {ports: '4000 > 80', flags: 'S', seq: 1}}, [inward(4000)]),
    shows({node: 'director', what: 'ipvsadm -Ln', lines: connections('201')}),
    setSysctl('director', {'net.ipv4.vs.drop_entry': 3}),
    // A SYN_RECV lives for 60 s: what is gone by now was dropped.
    shows({
      node: 'director',
      what: 'ipvsadm -Ln',
      lines: connections('([1-9]|[1-9][0-9]|1[0-7][0-9])'),
      within: 20,
      proves: ['Y-drop-entry'],
    }),
    packet({
      ...fromClient,
      tcp: {ports, flags: 'P.', seq: 1001, ack: 5001},
      payload: 'still here',
      path: inward(3000, 'Y-drop-entry'),
    }),
  ],
  counter: [
    {
      claim: 'Y-drop-entry',
      when: 'drop_entry stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.drop_entry': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
