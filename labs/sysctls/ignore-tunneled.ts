import {exchange, packet, setSysctl} from '../../src/lab/define.ts';

const claim = 'Y-ignore-tunneled';
/** As another director would have sent it here, as to a real server. */
const wrapped = (port: number) =>
  packet({
    from: 'client',
    ip: ['CIP > DIP', 'CIP > VIP'],
    tcp: {ports: `${port} > 80`, flags: 'S', seq: 1000},
    path: [
      'client > director',
      {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 8080`, proves: [claim]},
    ],
  });

// What the documentation says of ignore_tunneled=1 no longer holds: see docs/findings.md.
export default exchange({
  title: 'ignore_tunneled: what came to the director in a tunnel is scheduled all the same',
  claims: [claim],
  topology: 'farm',
  needs: ['tunl0'],
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  tunnelEnds: ['director'],
  sysctls: {
    director: {'net.ipv4.vs.ignore_tunneled': 0, 'net.ipv4.conf.tunl0.rp_filter': 0},
  },
  steps: [wrapped(4000), setSysctl('director', {'net.ipv4.vs.ignore_tunneled': 1}), wrapped(4001)],
  counter: [
    {
      claim,
      when: 'the director looks where the packet in the tunnel comes from',
      change: {
        sysctls: {
          director: {'net.ipv4.conf.tunl0.rp_filter': 1},
        },
      },
      cause: 'other-sysctl',
    },
  ],
});
