import {entries, exchange, packet} from '../../src/lab/define.ts';

const proves = ['H-checksum-bad'];

export default exchange({
  title: 'NAT: TCP with a bad checksum makes an entry, and goes on as bad as it came',
  claims: proves,
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sysctls: {director: {'net.ipv4.ip_forward': 1}},
  steps: [
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      tcp: {ports: '4000 > 80', flags: 'S', seq: 1000, checksum: 'bad'},
      path: [
        'client > router',
        'router > director',
        {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 8080', proves},
      ],
    }),
    entries([{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080', state: 'SYN_RECV'}], {
      proves,
    }),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      tcp: {ports: '8080 > 4000', flags: 'S.', seq: 5000, ack: 1001, checksum: 'bad'},
      path: [
        'rs1 > director',
        {link: 'director > router', ip: 'VIP > CIP', ports: '80 > 4000', proves},
        'router > client',
      ],
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
