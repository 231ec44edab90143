import {entries, exchange, packet, setSysctl} from '../../src/lab/define.ts';

/** A router on the way to the client cannot pass what the VIP had sent on a connection that the director does not know. */
const error = {
  from: 'client',
  ip: 'CIP > VIP',
  icmp: {
    type: 3,
    code: 4,
    mtu: 1300,
    quotes: {
      ip: 'VIP > CIP',
      tcp: {ports: '80 > 4000', flags: '.', seq: 5001, ack: 1001},
      payload: 1400,
    },
  },
};

export default exchange({
  title: 'schedule_icmp: an ICMP error about a connection that the director does not know',
  claims: ['Y-schedule-icmp'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sysctls: {director: {'net.ipv4.vs.schedule_icmp': 0}},
  steps: [
    packet({...error, path: [{link: 'client > director', proves: ['Y-schedule-icmp']}]}),
    entries([], {proves: ['Y-schedule-icmp']}),
    setSysctl('director', {'net.ipv4.vs.schedule_icmp': 1}),
    packet({
      ...error,
      path: [
        'client > director',
        {
          link: 'director > rs1',
          ip: 'CIP > RIP1',
          quotes: {ip: 'RIP1 > CIP', ports: '8080 > 4000'},
          proves: ['Y-schedule-icmp'],
        },
      ],
    }),
    entries([{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080', state: 'NONE'}], {
      proves: ['Y-schedule-icmp'],
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
