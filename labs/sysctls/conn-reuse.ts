import {edit, exchange, packet, setSysctl, untilEntries} from '../../src/lab/define.ts';

/** A connection from one port of the client to one real server, opened by SYN and closed by both. */
const inward = (server: 'rs1' | 'rs2', ...proves: string[]) => [
  'client > director',
  {
    link: `director > ${server}`,
    ip: `CIP > ${server === 'rs1' ? 'RIP1' : 'RIP2'}`,
    ports: '4000 > 8080',
    proves,
  },
];
const outward = (server: 'rs1' | 'rs2') => [
  `${server} > director`,
  {link: 'director > client', ip: 'VIP > CIP', ports: '80 > 4000'},
];
const entry = (server: 'RIP1' | 'RIP2', state: string) => ({
  client: 'CIP:4000',
  virtual: 'VIP:80',
  server: `${server}:8080`,
  state,
});
const fromClient = {from: 'client', ip: 'CIP > VIP'};
const fromRs1 = {from: 'rs1', ip: 'RIP1 > CIP', path: outward('rs1')};
const [up, down] = ['4000 > 80', '8080 > 4000'];

/** What follows the SYN with the number `seq`: a connection with rs1, closed by both sides. */
const connection = (seq: number, ack: number) => {
  const client = {...fromClient, path: inward('rs1')};
  return [
    packet({...fromRs1, tcp: {ports: down, flags: 'S.', seq: ack, ack: seq + 1}}),
    packet({...client, tcp: {ports: up, flags: '.', seq: seq + 1, ack: ack + 1}}),
    packet({...fromRs1, tcp: {ports: down, flags: 'F.', seq: ack + 1, ack: seq + 1}}),
    packet({...client, tcp: {ports: up, flags: 'F.', seq: seq + 1, ack: ack + 2}}),
    packet({...fromRs1, tcp: {ports: down, flags: '.', seq: ack + 2, ack: seq + 2}}),
    untilEntries([entry('RIP1', 'TIME_WAIT')]),
  ];
};

export default exchange({
  title: 'conn_reuse_mode: a new connection from the port of one that has just ended',
  claims: ['Y-reuse-1', 'Y-reuse-0'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [
    {node: 'rs1', forward: 'masq', port: 8080},
    {node: 'rs2', forward: 'masq', port: 8080, weight: 0},
  ],
  sysctls: {director: {'net.ipv4.vs.conn_reuse_mode': 0}},
  steps: [
    packet({...fromClient, tcp: {ports: up, flags: 'S', seq: 1000}, path: inward('rs1')}),
    ...connection(1000, 5000),
    // From now on a scheduler would choose rs2.
    edit({weights: {rs1: 0, rs2: 1}}),
    packet({
      ...fromClient,
      tcp: {ports: up, flags: 'S', seq: 900_000},
      path: inward('rs1', 'Y-reuse-0'),
    }),
    untilEntries([entry('RIP1', 'SYN_RECV')], {proves: ['Y-reuse-0']}),
    ...connection(900_000, 700_000),
    setSysctl('director', {'net.ipv4.vs.conn_reuse_mode': 1}),
    packet({
      ...fromClient,
      tcp: {ports: up, flags: 'S', seq: 1_800_000},
      path: inward('rs2', 'Y-reuse-1'),
    }),
    untilEntries([entry('RIP2', 'SYN_RECV')], {proves: ['Y-reuse-1']}),
  ],
  counter: [
    {
      claim: 'Y-reuse-1',
      when: 'conn_reuse_mode stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.conn_reuse_mode': 0}}},
      cause: 'other-sysctl',
    },
    {
      claim: 'Y-reuse-0',
      when: 'conn_reuse_mode is 1 from the start and 0 at the end',
      change: {sysctls: {director: {'net.ipv4.vs.conn_reuse_mode': 1}}},
      cause: 'other-sysctl',
    },
  ],
});
