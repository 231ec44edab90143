import {exchange, packet, setSysctl, shows} from '../../src/lab/define.ts';

const fromClient = (port: number) => ({
  from: 'client',
  ip: 'CIP > VIP',
  tcp: {ports: `${port} > 80`, flags: 'S', seq: 1000},
});
const original = 'src=192\\.0\\.2\\.10 dst=192\\.0\\.2\\.80';

export default exchange({
  title: 'conntrack: what netfilter knows of a connection whose source it is to translate',
  claims: ['Y-conntrack'],
  topology: 'farm',
  needs: ['net.ipv4.vs.conntrack'],
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'fullnat', port: 8080}],
  setup: {conntrack: 0},
  steps: [
    packet({
      ...fromClient(4000),
      path: [
        'client > director',
        {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 8080', proves: ['Y-conntrack']},
      ],
    }),
    shows({
      node: 'director',
      what: 'conntrack -L',
      lines: ['\\b0 flow entries'],
      not: [original],
      proves: ['Y-conntrack'],
    }),
    setSysctl('director', {'net.ipv4.vs.conntrack': 1}),
    packet({
      ...fromClient(4001),
      path: [
        'client > director',
        {link: 'director > rs1', ip: 'DIP > RIP1', ports: '4001 > 8080', proves: ['Y-conntrack']},
      ],
    }),
    packet({
      from: 'rs1',
      ip: 'RIP1 > DIP',
      tcp: {ports: '8080 > 4001', flags: 'S.', seq: 5000, ack: 1001},
      path: [
        'rs1 > director',
        {link: 'director > client', ip: 'VIP > CIP', ports: '80 > 4001', proves: ['Y-conntrack']},
      ],
    }),
    shows({
      node: 'director',
      what: 'conntrack -L',
      lines: [
        `^tcp .* SYN_RECV ${original} sport=4001 dport=80 src=192\\.0\\.2\\.21 dst=192\\.0\\.2\\.2 sport=8080 dport=4001 `,
        '\\b1 flow entries',
      ],
      proves: ['Y-conntrack'],
    }),
  ],
  counter: [
    {
      claim: 'Y-conntrack',
      when: 'conntrack stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.conntrack': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
