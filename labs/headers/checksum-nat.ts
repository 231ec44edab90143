import {exchange, packet} from '../../src/lab/define.ts';

const fromClient = {from: 'client', ip: 'CIP > VIP', payload: 'question'};
const inward = (port: number) => [
  'client > router',
  'router > director',
  {
    link: 'director > rs1',
    ip: 'CIP > RIP1',
    ports: `${port} > 5353`,
    proves: ['H-checksum-bad'],
  },
];

export default exchange({
  title: 'NAT: UDP with a bad checksum, and with none',
  claims: ['H-checksum-bad', 'H-checksum-none'],
  topology: 'two-arm-nat',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5353}],
  sysctls: {director: {'net.ipv4.ip_forward': 1}},
  steps: [
    packet({
      ...fromClient,
      udp: {ports: '4000 > 5300', checksum: 'bad'},
      path: inward(4000),
    }),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      udp: {ports: '5353 > 4000', checksum: 'bad'},
      payload: 'an answer',
      path: [
        'rs1 > director',
        {
          link: 'director > router',
          ip: 'VIP > CIP',
          ports: '5300 > 4000',
          proves: ['H-checksum-bad'],
        },
        'router > client',
      ],
    }),
    packet({
      ...fromClient,
      udp: {ports: '4001 > 5300', checksum: 'none'},
      path: inward(4001).map(item =>
        typeof item === 'string'
          ? item
          : {...item, checksum: 'good' as const, proves: ['H-checksum-none']},
      ),
    }),
  ],
  counter: [
    {
      claim: 'H-checksum-bad',
      when: 'the director does not forward',
      change: {sysctls: {director: {'net.ipv4.ip_forward': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
