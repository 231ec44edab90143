import {lab} from '../../src/lab/define.ts';
import dr, {impatient} from './dr.ts';

const proves = ['M-ICMP-nat'];

export default lab({
  ...dr.spec,
  title: 'NAT: an ICMP error for a reply goes on to the real server, rewritten outside and inside',
  claims: proves,
  setup: {gateway: 'director'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 8080},
    {node: 'rs2', forward: 'masq', port: 8080},
  ],
  expect: {
    request: [
      {link: 'client > edge', ip: 'CIP > VIP', ports: 'CPORT > 80'},
      {link: 'edge > router'},
      {link: 'router > director'},
      {link: 'director > rs', ip: 'CIP > RIP', ports: 'CPORT > 8080'},
    ],
    reply: [
      {link: 'rs > director', ip: 'RIP > CIP', ports: '8080 > CPORT'},
      {link: 'director > router', ip: 'VIP > CIP', ports: '80 > CPORT'},
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
          {
            link: 'director > rs',
            ip: 'RTR > RIP',
            quotes: {ip: 'RIP > CIP', ports: '8080 > CPORT'},
          },
        ],
        count: [2, 20],
        proves,
      },
    ],
    answers: {proves},
  },
  counter: [
    {
      claim: 'M-ICMP-nat',
      when: 'the director drops the ICMP errors that come to it',
      change: {
        setup: {errors: 'dropped'},
        sysctls: {client: impatient, rs1: impatient, rs2: impatient},
      },
      cause: 'error-dropped',
    },
  ],
});
