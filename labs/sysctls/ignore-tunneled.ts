import {exchange, packet, setSysctl} from '../../src/lab/define.ts';

const claim = 'Y-ignore-tunneled';
/** As another director would have sent it here, as to a real server. */
const wrapped = (port: number) => ({
  from: 'client',
  ip: ['CIP > DIP', 'CIP > VIP'],
  tcp: {ports: `${port} > 80`, flags: 'S', seq: 1000},
});

export default exchange({
  title: 'ignore_tunneled: what came to the director in a tunnel is scheduled, or is for itself',
  claims: [claim],
  topology: 'farm',
  needs: ['tunl0'],
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  tunnelEnds: ['director'],
  sysctls: {director: {'net.ipv4.vs.ignore_tunneled': 0}},
  steps: [
    packet({
      ...wrapped(4000),
      path: [
        'client > director',
        {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 8080', proves: [claim]},
      ],
    }),
    setSysctl('director', {'net.ipv4.vs.ignore_tunneled': 1}),
    packet({
      ...wrapped(4001),
      path: ['client > director'],
      causes: [
        {
          ip: 'VIP > CIP',
          ports: '80 > 4001',
          tcp: {flags: 'R.', seq: 0, ack: 1001},
          path: [{link: 'director > client', proves: [claim]}],
        },
      ],
    }),
  ],
  counter: [
    {
      claim,
      when: 'it stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.ignore_tunneled': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
