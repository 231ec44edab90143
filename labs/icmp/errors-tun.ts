import {entries, exchange, packet} from '../../src/lab/define.ts';

const ports = '4000 > 80';
const syn = {ports, flags: 'S', seq: 1000};
const ack = {ports, flags: '.', seq: 1001};

/** A packet to the service, which goes to the real server in the tunnel. */
const request = {
  from: 'client',
  ip: 'CIP > VIP',
  path: [
    'client > router',
    'router > director',
    {link: 'director > router', ip: ['DIP > RIP1', 'CIP > VIP'], encapsulation: 'ipip' as const},
    {link: 'router > rs1', ttl: 0},
  ],
};
/** How the tunnel's packet is quoted: its header, the header inside, and eight bytes of TCP. */
const quotes = {ip: ['DIP > RIP1', 'CIP > VIP'], ttl: 62, id: 7, tcp: ack, behind: 20 + 8};
/** The headers of the error that the client gets, and what it quotes. */
const length = 20 + 8 + 20 + 8;

const fromRouter = {from: 'router', ip: 'RTR > DIP', path: ['router > director']};
const fromServer = {from: 'rs1', ip: 'RIP1 > DIP', path: ['rs1 > router', 'router > director']};

const told = (icmp: {type: number; code: number; mtu?: number}, proves: readonly string[]) => ({
  ip: 'VIP > CIP',
  icmp,
  length,
  path: [
    {link: 'director > router', proves},
    {link: 'router > client', proves},
  ],
});
const tooLarge = {type: 3, code: 4, mtu: 1400};

const handed = ['I-tun-out'];
const lessTunnel = ['I-tun-mtu'];
const ignored = ['I-tun-ignored'];

export default exchange({
  title: 'TUN: ICMP errors about packets in the tunnel, of several kinds and with short quotes',
  claims: [...handed, ...lessTunnel, ...ignored],
  topology: 'remote-real-servers',
  names: {RTR: '198.51.100.1'},
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'tunnel', tunnel: {type: 'ipip'}}],
  // No error has a rate limit, as in all exchanges.
  sysctls: {director: {'net.ipv4.icmp_ratemask': 0, 'net.ipv4.icmp_ratelimit': 1000}},
  steps: [
    packet({...request, tcp: syn}),
    // Host unreachable, time exceeded on the way, time exceeded in reassembly.
    packet({
      ...fromRouter,
      icmp: {type: 3, code: 1, quotes: {...quotes, tcp: syn}},
      causes: [told({type: 3, code: 1}, handed)],
    }),
    packet({
      ...fromRouter,
      icmp: {type: 11, code: 0, quotes: {...quotes, tcp: syn}},
      causes: [told({type: 11, code: 0}, handed)],
    }),
    packet({
      ...fromServer,
      icmp: {type: 11, code: 1, quotes: {...quotes, tcp: syn}},
      causes: [told({type: 11, code: 1}, handed)],
    }),
    // What is quoted ends in the header inside the tunnel, or before the ports.
    packet({
      ...fromRouter,
      icmp: {type: 3, code: 1, quotes: {...quotes, behind: 12}},
      path: [{link: 'router > director', proves: ignored}],
    }),
    packet({
      ...fromRouter,
      icmp: {type: 3, code: 1, quotes: {...quotes, behind: 20 + 2}},
      path: [{link: 'router > director', proves: ignored}],
    }),
    // What the director says at once is the MTU of the route that it has kept, less the tunnel's header.
    packet({
      ...fromRouter,
      icmp: {...tooLarge, quotes},
      causes: [told({...tooLarge, mtu: 1480}, lessTunnel)],
    }),
    // The next packet makes it look for the route anew, which has the router's MTU.
    packet({...request, tcp: ack}),
    packet({
      ...fromRouter,
      icmp: {...tooLarge, quotes},
      causes: [told({...tooLarge, mtu: 1380}, lessTunnel)],
    }),
    // Whoever sends without DF has no use for an MTU.
    packet({...request, df: false, tcp: ack}),
    packet({
      ...fromRouter,
      icmp: {...tooLarge, quotes: {...quotes, df: false}},
      path: [{link: 'router > director', proves: ignored}],
    }),
    entries([{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:80', state: 'ESTABLISHED'}]),
  ],
  counter: [
    {
      claim: 'I-tun-out',
      when: 'the director may tell a host of unreachable and time exceeded no more than once in a quarter of an hour',
      change: {
        sysctls: {
          director: {
            'net.ipv4.icmp_ratemask': 2 ** 3 + 2 ** 11,
            'net.ipv4.icmp_ratelimit': 900_000,
          },
        },
      },
      cause: 'other-sysctl',
    },
  ],
});
