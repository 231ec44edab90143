import {exchange, packet, setSysctl} from '../../src/lab/define.ts';

/** The real server ends a connection that the director has forgotten. */
const late = {
  from: 'rs1',
  ip: 'RIP1 > CIP',
  tcp: {ports: '8080 > 4000', flags: 'F.', seq: 5001, ack: 1001},
};

export default exchange({
  title: 'nat_icmp_send: a packet of a real server that belongs to no connection',
  claims: ['Y-nat-icmp-send-0', 'Y-nat-icmp-send-1'],
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sysctls: {director: {'net.ipv4.vs.nat_icmp_send': 0}},
  steps: [
    packet({
      ...late,
      path: [
        'rs1 > director',
        {link: 'director > router', ip: 'RIP1 > CIP', proves: ['Y-nat-icmp-send-0']},
        'router > client',
      ],
    }),
    setSysctl('director', {'net.ipv4.vs.nat_icmp_send': 1}),
    packet({
      ...late,
      path: ['rs1 > director'],
      causes: [
        {
          ip: 'DIP > RIP1',
          icmp: {type: 3, code: 3},
          path: [{link: 'director > rs1', proves: ['Y-nat-icmp-send-1']}],
        },
      ],
    }),
  ],
  counter: [
    {
      claim: 'Y-nat-icmp-send-1',
      when: 'nat_icmp_send stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.nat_icmp_send': 0}}},
      cause: 'other-sysctl',
    },
    {
      claim: 'Y-nat-icmp-send-0',
      when: 'nat_icmp_send is 1 from the start',
      change: {sysctls: {director: {'net.ipv4.vs.nat_icmp_send': 1}}},
      cause: 'other-sysctl',
    },
  ],
});
