import {entries, exchange, packet, setSysctl} from '../../src/lab/define.ts';

const toDirector = ['client > router', 'router > director'];

export default exchange({
  title: 'sloppy_tcp: a segment in the middle of a connection that the director does not know',
  claims: ['Y-sloppy-tcp'],
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sysctls: {director: {'net.ipv4.vs.sloppy_tcp': 0}},
  steps: [
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      tcp: {ports: '4000 > 80', flags: '.', seq: 1000, ack: 2000},
      path: toDirector,
      causes: [
        {
          ip: 'VIP > CIP',
          ports: '80 > 4000',
          tcp: {flags: 'R', seq: 2000},
          path: [{link: 'director > router', proves: ['Y-sloppy-tcp']}, 'router > client'],
        },
      ],
    }),
    entries([], {proves: ['Y-sloppy-tcp']}),
    setSysctl('director', {'net.ipv4.vs.sloppy_tcp': 1}),
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      tcp: {ports: '4000 > 80', flags: '.', seq: 1000, ack: 2000},
      path: [
        ...toDirector,
        {
          link: 'director > rs1',
          ip: 'CIP > RIP1',
          ports: '4000 > 8080',
          proves: ['Y-sloppy-tcp'],
        },
      ],
    }),
    entries([{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080', state: 'ESTABLISHED'}], {
      proves: ['Y-sloppy-tcp'],
    }),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      tcp: {ports: '8080 > 4000', flags: 'P.', seq: 2000, ack: 1000},
      payload: 'on it goes',
      path: [
        'rs1 > director',
        {link: 'director > router', ip: 'VIP > CIP', ports: '80 > 4000'},
        'router > client',
      ],
    }),
  ],
  counter: [
    {
      claim: 'Y-sloppy-tcp',
      when: 'sloppy_tcp stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.sloppy_tcp': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
