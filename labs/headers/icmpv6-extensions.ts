import {exchange, packet} from '../../src/lab/define.ts';

const claim = 'Y-icmpv6-extensions';
/** Destination options, eight bytes of nothing but padding (RFC 8200, 4.2 and 4.6). */
const extensions = [{type: 60, body: '010400000000'}];
const inward = [
  'client > router',
  'router > director',
  {
    link: 'director > rs1',
    ip: 'CIP > RIP1',
    quotes: {ip: 'RIP1 > CIP', ports: '8080 > 4000'},
    proves: [claim],
  },
];
const outward = [
  'rs1 > director',
  {
    link: 'director > router',
    ip: 'VIP > CIP',
    quotes: {ip: 'CIP > VIP', ports: '4000 > 80'},
    proves: [claim],
  },
  'router > client',
];
const answer = {ip: 'VIP > CIP', udp: {ports: '80 > 4000'}, payload: 1400};
const question = {ip: 'CIP > RIP1', udp: {ports: '4000 > 8080'}, payload: 'hello'};
const [tooBig, unreachable] = [
  {type: 2, mtu: 1300},
  {type: 1, code: 4},
];
const fromClient = {from: 'client', ip: 'CIP > VIP'};
const fromRs1 = {from: 'rs1', ip: 'RIP1 > CIP'};

// No set-up breaks it: what does is a kernel without the fix. See docs/findings.md.
export default exchange({
  title: 'ICMPv6 errors with extension headers, their own and those of the packet that they quote',
  claims: [claim],
  topology: 'two-arm-nat',
  family: 'v6',
  needs: ['ipvs-ipv6'],
  service: {protocol: 'udp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  steps: [
    packet({
      ...fromClient,
      udp: {ports: '4000 > 80'},
      payload: 'hello',
      path: [
        'client > router',
        'router > director',
        {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 8080'},
      ],
    }),
    packet({...fromRs1, extensions, icmp: {...unreachable, quotes: question}, path: outward}),
    packet({
      ...fromRs1,
      icmp: {...unreachable, quotes: {...question, extensions}},
      path: outward,
    }),
    packet({...fromClient, extensions, icmp: {...tooBig, quotes: answer}, path: inward}),
    packet({...fromClient, icmp: {...tooBig, quotes: {...answer, extensions}}, path: inward}),
  ],
  counter: [],
});
