import {exchange, packet} from '../../src/lab/define.ts';

const claim = 'Y-icmpv6-checksum';
const inward = [
  'client > router',
  'router > director',
  {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 8080'},
];
/** What the VIP sent is too big for a router on the way to the client. */
const fromClient = {
  from: 'client',
  ip: 'CIP > VIP',
  icmp: {
    type: 2,
    mtu: 1300,
    quotes: {ip: 'VIP > CIP', udp: {ports: '80 > 4000'}, payload: 1400},
  },
};
/** Nothing listens on the real server's port. */
const fromRs1 = {
  from: 'rs1',
  ip: 'RIP1 > CIP',
  icmp: {
    type: 1,
    code: 4,
    quotes: {ip: 'CIP > RIP1', udp: {ports: '4000 > 8080'}, payload: 'hello'},
  },
};

// No set-up breaks it: what does is a kernel without the fix. See docs/findings.md.
export default exchange({
  title: 'ICMPv6 errors with good and bad checksums, from both sides of a connection',
  claims: [claim],
  topology: 'two-arm-nat',
  family: 'v6',
  needs: ['ipvs-ipv6'],
  service: {protocol: 'udp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  steps: [
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      udp: {ports: '4000 > 80'},
      payload: 'hello',
      path: inward,
    }),
    packet({
      ...fromClient,
      path: [
        'client > router',
        'router > director',
        {
          link: 'director > rs1',
          ip: 'CIP > RIP1',
          quotes: {ip: 'RIP1 > CIP', ports: '8080 > 4000'},
          proves: [claim],
        },
      ],
    }),
    packet({
      ...fromRs1,
      path: [
        'rs1 > director',
        {
          link: 'director > router',
          ip: 'VIP > CIP',
          quotes: {ip: 'CIP > VIP', ports: '4000 > 80'},
          proves: [claim],
        },
        'router > client',
      ],
    }),
    packet({
      ...fromRs1,
      icmp: {...fromRs1.icmp, checksum: 'bad'},
      path: [{link: 'rs1 > director', proves: [claim]}],
    }),
    packet({
      ...fromClient,
      icmp: {...fromClient.icmp, checksum: 'bad'},
      path: ['client > router', {link: 'router > director', proves: [claim]}],
    }),
  ],
  counter: [],
});
