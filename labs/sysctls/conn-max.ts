import {entries, exchange, packet, repeat, setSysctl} from '../../src/lab/define.ts';

const datagram = (port: number) => ({
  from: 'client',
  ip: 'CIP > VIP',
  udp: {ports: `${port} > 5300`},
  payload: 'one of many',
});
const passes = (port: number) => [
  'client > director',
  {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 5301`, proves: ['Y-conn-max']},
];
const ends = [{link: 'client > director', proves: ['Y-conn-max']}];
const entry = (port: number) => ({
  client: `CIP:${port}`,
  virtual: 'VIP:5300',
  server: 'RIP1:5301',
  state: 'UDP',
});

export default exchange({
  title: 'conn_max: no more connection entries than so many',
  claims: ['Y-conn-max'],
  topology: 'farm',
  needs: ['net.ipv4.vs.conn_max'],
  service: {protocol: 'udp', vip: 'VIP', port: 5300, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 5301}],
  sysctls: {director: {'net.ipv4.vs.conn_max': 3}},
  steps: [
    repeat(5, datagram(4000), [passes(4000), passes(4000), passes(4000), ends, ends]),
    entries([entry(4000), entry(4001), entry(4002)], {proves: ['Y-conn-max']}),
    packet({...datagram(4001), path: passes(4001)}),
    setSysctl('director', {'net.ipv4.vs.conn_max': 4}),
    packet({...datagram(4004), path: passes(4004)}),
    packet({...datagram(4003), path: ends}),
    entries([entry(4000), entry(4001), entry(4002), entry(4004)], {proves: ['Y-conn-max']}),
  ],
  counter: [
    {
      claim: 'Y-conn-max',
      when: 'conn_max is 1000',
      change: {sysctls: {director: {'net.ipv4.vs.conn_max': 1000}}},
      cause: 'other-sysctl',
    },
  ],
});
