import {entries, exchange, packet} from '../../src/lab/define.ts';

const syn = (ttl: number, port: number) => ({
  from: 'client',
  ip: 'CIP > VIP',
  ttl,
  tcp: {ports: `${port} > 80`, flags: 'S', seq: 1000},
});
const dies = ['H-ttl'];

export default exchange({
  title: 'a tunnel in proto 4: its TTL is that of the packet inside, which may end at the director',
  claims: ['H-ttl-tunnel', 'H-ttl'],
  topology: 'remote-real-servers',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'tunnel', tunnel: {type: 'ipip'}}],
  steps: [
    packet({
      ...syn(9, 4000),
      path: [
        'client > router',
        'router > director',
        {
          link: 'director > router',
          ip: ['DIP > RIP1', 'CIP > VIP'],
          encapsulation: 'ipip',
          proves: ['H-ttl-tunnel'],
        },
        {link: 'router > rs1', ttl: 0, proves: ['H-ttl-tunnel']},
      ],
    }),
    packet({
      ...syn(2, 4001),
      path: ['client > router', {link: 'router > director', proves: dies}],
      causes: [
        {
          ip: 'VIP > CIP',
          icmp: {type: 11},
          path: [{link: 'director > router', proves: dies}, 'router > client'],
        },
      ],
    }),
    entries(
      [
        {client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:80', state: 'SYN_RECV'},
        {client: 'CIP:4001', virtual: 'VIP:80', server: 'RIP1:80', state: 'SYN_RECV'},
      ],
      {proves: dies},
    ),
  ],
  counter: [],
});
