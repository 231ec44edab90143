import {connections, lab} from '../../src/lab/define.ts';

const proves = ['M-ICMP-dr'];
/** Whoever hears nothing gives up soon. */
export const impatient = {
  'net.ipv4.tcp_retries2': 3,
  'net.ipv4.tcp_orphan_retries': 3,
  'net.ipv4.tcp_fin_timeout': 3,
};

export default lab({
  title: 'DR: an ICMP error for a reply comes to the VIP, and goes on to the real server',
  claims: proves,
  topology: 'narrow-path',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'droute'},
    {node: 'rs2', forward: 'droute'},
  ],
  traffic: connections({from: 'client', to: 'VIP', connections: 4, bytes: 9000, timeout: 15}),
  expect: {
    request: [
      {link: 'client > edge', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'edge > router'},
      {link: 'router > director'},
      {link: 'director > rs'},
    ],
    reply: [
      {link: 'rs > router', ip: 'VIP > CIP', ports: '80 > CPORT'},
      {link: 'router > edge'},
      {link: 'edge > client'},
    ],
    errors: [
      {
        of: 'reply',
        type: 3,
        code: 4,
        mtu: 1400,
        path: [
          {
            link: 'router > director',
            ip: 'RTR > VIP',
            quotes: {ip: 'VIP > CIP', ports: '80 > CPORT'},
          },
          {link: 'director > rs'},
        ],
        // Each of the two real servers learns it once, after some segments.
        count: [2, 20],
        proves,
      },
    ],
    answers: {proves},
  },
  counter: [
    {
      claim: 'M-ICMP-dr',
      when: 'the director drops the ICMP errors that come to it',
      change: {
        setup: {errors: 'dropped'},
        sysctls: {client: impatient, rs1: impatient, rs2: impatient},
      },
      cause: 'error-dropped',
    },
  ],
});
