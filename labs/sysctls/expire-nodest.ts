import {edit, entries, exchange, packet, setSysctl, untilEntries} from '../../src/lab/define.ts';

const rs1 = {node: 'rs1', forward: 'masq', port: 8080} as const;
const fromClient = {from: 'client', ip: 'CIP > VIP'};
const inward = (server: 'rs1' | 'rs2', port: number, ...proves: string[]) => [
  'client > director',
  {
    link: `director > ${server}`,
    ip: server === 'rs1' ? 'CIP > RIP1' : 'CIP > RIP2',
    ports: `${port} > 8080`,
    proves,
  },
];
const entry = (server: string, state: string) => ({
  client: 'CIP:4000',
  virtual: 'VIP:80',
  server: `${server}:8080`,
  state,
});
const established = [entry('RIP1', 'ESTABLISHED')];
const segment = {
  ...fromClient,
  tcp: {ports: '4000 > 80', flags: 'P.', seq: 1001, ack: 5001},
  payload: 'question',
};
const [silent, expired] = [['Y-nodest-0'], ['Y-nodest-1']];

export default exchange({
  title: 'expire_nodest_conn: a real server is taken out in the middle of a connection',
  claims: ['Y-nodest-0', 'Y-nodest-1'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [rs1, {node: 'rs2', forward: 'masq', port: 8080, weight: 0}],
  sysctls: {director: {'net.ipv4.vs.expire_nodest_conn': 0}},
  steps: [
    packet({
      ...fromClient,
      tcp: {ports: '4000 > 80', flags: 'S', seq: 1000},
      path: inward('rs1', 4000),
    }),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      tcp: {ports: '8080 > 4000', flags: 'S.', seq: 5000, ack: 1001},
      path: ['rs1 > director', {link: 'director > client', ip: 'VIP > CIP', ports: '80 > 4000'}],
    }),
    packet({
      ...fromClient,
      tcp: {ports: '4000 > 80', flags: '.', seq: 1001, ack: 5001},
      path: inward('rs1', 4000),
    }),
    entries(established),
    edit({remove: ['rs1']}),
    packet({...segment, path: [{link: 'client > director', proves: silent}]}),
    entries(established, {proves: silent}),
    // Back again, it has its connection still.
    edit({add: [rs1]}),
    packet({...segment, path: inward('rs1', 4000, ...silent)}),
    setSysctl('director', {'net.ipv4.vs.expire_nodest_conn': 1}),
    edit({remove: ['rs1'], weights: {rs2: 1}}),
    untilEntries([], {proves: expired}),
    packet({
      ...segment,
      path: ['client > director'],
      causes: [
        {
          ip: 'VIP > CIP',
          ports: '80 > 4000',
          tcp: {flags: 'R', seq: 5001},
          path: [{link: 'director > client', proves: expired}],
        },
      ],
    }),
    packet({
      ...fromClient,
      tcp: {ports: '4000 > 80', flags: 'S', seq: 900_000},
      path: inward('rs2', 4000, ...expired),
    }),
    entries([entry('RIP2', 'SYN_RECV')], {proves: expired}),
  ],
  counter: [
    {
      claim: 'Y-nodest-1',
      when: 'expire_nodest_conn stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.expire_nodest_conn': 0}}},
      cause: 'other-sysctl',
    },
    {
      claim: 'Y-nodest-0',
      when: 'expire_nodest_conn is 1 from the start',
      change: {sysctls: {director: {'net.ipv4.vs.expire_nodest_conn': 1}}},
      cause: 'other-sysctl',
    },
  ],
});
