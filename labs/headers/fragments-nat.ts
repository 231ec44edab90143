import {entries, exchange, packet, together} from '../../src/lab/define.ts';

const inward = (proves: readonly string[]) => [
  'client > router',
  'router > director',
  {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 5353', proves},
];
const piece = (number: number, path: ReturnType<typeof inward> | readonly string[]) =>
  packet({
    from: 'client',
    ip: 'CIP > VIP',
    id: 0x7001,
    df: false,
    udp: {ports: '4000 > 5300'},
    payload: 1200,
    piece: {mtu: 596, number},
    path,
  });
const proves = ['H-fragments-order'];

export default exchange({
  title: 'NAT: fragments in the wrong order, and one that is alone',
  claims: ['H-fragments-order', 'H-fragments-alone'],
  topology: 'two-arm-nat',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5353}],
  sysctls: {director: {'net.ipv4.ip_forward': 1}},
  steps: [
    together(piece(3, inward(proves)), piece(2, inward(proves)), piece(1, inward(proves))),
    entries([{client: 'CIP:4000', virtual: 'VIP:5300', server: 'RIP1:5353', state: 'UDP'}], {
      proves,
    }),
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      id: 0x7002,
      df: false,
      udp: {ports: '4001 > 5300'},
      payload: 1200,
      piece: {mtu: 596, number: 1},
      path: ['client > router', {link: 'router > director', proves: ['H-fragments-alone']}],
    }),
    entries([{client: 'CIP:4000', virtual: 'VIP:5300', server: 'RIP1:5353', state: 'UDP'}], {
      proves: ['H-fragments-alone'],
    }),
  ],
  counter: [],
});
