import {exchange, packet, repeat, setSysctl} from '../../src/lab/define.ts';

const datagram = (port: number) => ({
  from: 'client',
  ip: 'CIP > VIP',
  udp: {ports: `${port} > 5300`},
  payload: 'one of many',
});
const passes = (port: number, ...proves: string[]) => [
  'client > director',
  {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 5301`, proves},
];
const ends = [{link: 'client > director', proves: ['Y-drop-packet']}];
const always = (rate: number) => [
  // The rate is looked at when the mode changes, and every second.
  setSysctl('director', {'net.ipv4.vs.drop_packet': 0, 'net.ipv4.vs.am_droprate': rate}),
  setSysctl('director', {'net.ipv4.vs.drop_packet': 3}),
];

export default exchange({
  title: 'drop_packet: one of so many packets that would make a connection entry is dropped',
  claims: ['Y-drop-packet'],
  topology: 'farm',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sysctls: {director: {'net.ipv4.vs.drop_packet': 0}},
  steps: [
    packet({...datagram(3000), path: passes(3000)}),
    ...always(4),
    repeat(12, datagram(4000), [
      ends,
      passes(4000, 'Y-drop-packet'),
      passes(4000, 'Y-drop-packet'),
      passes(4000, 'Y-drop-packet'),
    ]),
    ...always(1),
    repeat(6, datagram(5000), [ends]),
    packet({...datagram(3000), path: passes(3000, 'Y-drop-packet')}),
  ],
  counter: [
    {
      claim: 'Y-drop-packet',
      when: 'drop_packet stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.drop_packet': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
