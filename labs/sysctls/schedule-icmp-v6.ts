import {entries, exchange, packet, setSysctl} from '../../src/lab/define.ts';

const proves = ['Y-schedule-icmp'];
const toDirector = ['client > router', 'router > director'];
const error = {
  from: 'client',
  ip: 'CIP > VIP',
  icmp: {
    type: 2,
    code: 0,
    mtu: 1400,
    quotes: {ip: 'VIP > CIP', tcp: {ports: '80 > 4000', flags: '.', seq: 2000, ack: 1000}},
  },
};

export default exchange({
  title: 'IPv6: schedule_icmp: an ICMPv6 error for a connection that the director does not know',
  claims: proves,
  family: 'v6',
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sysctls: {director: {'net.ipv4.vs.schedule_icmp': 0}},
  steps: [
    packet({...error, path: ['client > router', {link: 'router > director', proves}]}),
    entries([], {proves}),
    setSysctl('director', {'net.ipv4.vs.schedule_icmp': 1}),
    packet({
      ...error,
      path: [
        ...toDirector,
        {
          link: 'director > rs1',
          ip: 'CIP > RIP1',
          quotes: {ip: 'RIP1 > CIP', ports: '8080 > 4000'},
          proves,
        },
      ],
    }),
    entries([{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080', state: 'NONE'}], {
      proves,
    }),
  ],
  counter: [
    {
      claim: 'Y-schedule-icmp',
      when: 'schedule_icmp stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.schedule_icmp': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
