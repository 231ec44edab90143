import {edit, exchange, packet, setSysctl, untilEntries} from '../../src/lab/define.ts';

const fromClient = {from: 'client', ip: 'CIP > VIP'};
const inward = (server: 'rs1' | 'rs2', ...proves: string[]) => [
  'client > director',
  {
    link: `director > ${server}`,
    ip: server === 'rs1' ? 'CIP > RIP1' : 'CIP > RIP2',
    ports: '4000 > 8080',
    proves,
  },
];
const syn = (seq: number) => ({...fromClient, tcp: {ports: '4000 > 80', flags: 'S', seq}});
const entry = (server: string) => ({
  client: 'CIP:4000',
  virtual: 'VIP:80',
  server: `${server}:8080`,
  state: 'SYN_RECV',
});

/** Mainline c95c07836fa4: until then conn_reuse_mode=0 kept what expire_nodest_conn asks for from happening. */
export default exchange({
  title: 'conn_reuse_mode 0 and expire_nodest_conn 1: a SYN for a real server of weight 0',
  claims: ['Y-reuse-quiescent'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 8080},
    {node: 'rs2', forward: 'masq', port: 8080, weight: 0},
  ],
  sysctls: {
    director: {'net.ipv4.vs.conn_reuse_mode': 0, 'net.ipv4.vs.expire_nodest_conn': 0},
  },
  steps: [
    packet({...syn(1000), path: inward('rs1')}),
    edit({weights: {rs1: 0, rs2: 1}}),
    packet({...syn(900_000), path: inward('rs1', 'Y-reuse-quiescent')}),
    untilEntries([entry('RIP1')], {proves: ['Y-reuse-quiescent']}),
    setSysctl('director', {'net.ipv4.vs.expire_nodest_conn': 1}),
    packet({...syn(1_800_000), path: inward('rs2', 'Y-reuse-quiescent')}),
    untilEntries([entry('RIP2')], {proves: ['Y-reuse-quiescent']}),
  ],
  counter: [
    {
      claim: 'Y-reuse-quiescent',
      when: 'expire_nodest_conn stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.expire_nodest_conn': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
