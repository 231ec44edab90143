import {entries, exchange, packet} from '../../src/lab/define.ts';

const asked = {ip: 'CIP > RIP1', udp: {ports: '4000 > 5353'}, payload: 'question'};
const answered = {ip: 'VIP > CIP', udp: {ports: '5300 > 4000'}, payload: 'an answer'};

/** What a real server says of a packet that came to it, as the client gets it. */
const outward = {
  from: 'rs1',
  ip: 'RIP1 > CIP',
  path: [
    'rs1 > director',
    {
      link: 'director > router',
      ip: 'VIP > CIP',
      quotes: {ip: 'CIP > VIP', ports: '4000 > 5300'},
      proves: ['I-nat6-out'],
    },
    'router > client',
  ],
};
/** What comes to the VIP of an answer, as the real server gets it. */
const inward = {
  from: 'client',
  ip: 'CIP > VIP',
  path: [
    'client > router',
    'router > director',
    {
      link: 'director > rs1',
      ip: 'CIP > RIP1',
      quotes: {ip: 'RIP1 > CIP', ports: '5353 > 4000'},
      proves: ['I-nat6-in'],
    },
  ],
};

export default exchange({
  family: 'v6',
  title:
    'IPv6 NAT: ICMPv6 errors of all kinds, with whole and with short quotes, in both directions',
  claims: ['I-nat6-out', 'I-nat6-in'],
  topology: 'two-arm-nat',
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5353}],
  sysctls: {director: {'net.ipv6.conf.all.forwarding': 1}},
  steps: [
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      udp: {ports: '4000 > 5300'},
      payload: 'question',
      path: [
        'client > router',
        'router > director',
        {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 5353'},
      ],
    }),
    // Port unreachable, no route, time exceeded in reassembly; too big, prohibited, hop limit exceeded.
    packet({...outward, icmp: {type: 1, code: 4, quotes: asked}}),
    packet({...outward, icmp: {type: 1, code: 0, quotes: {...asked, behind: 8}}}),
    packet({...outward, icmp: {type: 3, code: 1, quotes: asked}}),
    packet({...inward, icmp: {type: 2, code: 0, mtu: 1400, quotes: answered}}),
    packet({...inward, icmp: {type: 1, code: 1, quotes: {...answered, behind: 8}}}),
    packet({...inward, icmp: {type: 3, code: 0, quotes: answered}}),
    entries([{client: 'CIP:4000', virtual: 'VIP:5300', server: 'RIP1:5353', state: 'UDP'}]),
  ],
  counter: [
    {
      claim: 'I-nat6-out',
      when: 'the director does not forward',
      change: {sysctls: {director: {'net.ipv6.conf.all.forwarding': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
