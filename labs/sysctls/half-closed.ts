import {exchange, packet, untilEntries} from '../../src/lab/define.ts';

const toDirector = ['client > router', 'router > director'];
const inward = [...toDirector, {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 8080'}];
const outward = [
  'rs1 > director',
  {link: 'director > router', ip: 'VIP > CIP', ports: '80 > 4000'},
  'router > client',
];
const fromClient = {from: 'client', ip: 'CIP > VIP'};
const fromRs1 = {from: 'rs1', ip: 'RIP1 > CIP'};
const [up, down] = ['4000 > 80', '8080 > 4000'];

export default exchange({
  title: 'ipvsadm --set: a connection that the client has half closed, and whose answer takes long',
  claims: ['Y-expired-fin'],
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  timeouts: {tcp: 900, tcpfin: 5},
  steps: [
    packet({...fromClient, tcp: {ports: up, flags: 'S', seq: 1000}, path: inward}),
    packet({
      ...fromRs1,
      tcp: {ports: down, flags: 'S.', seq: 5000, ack: 1001},
      path: outward,
    }),
    packet({...fromClient, tcp: {ports: up, flags: '.', seq: 1001, ack: 5001}, path: inward}),
    packet({...fromClient, tcp: {ports: up, flags: 'F.', seq: 1001, ack: 5001}, path: inward}),
    packet({
      ...fromRs1,
      tcp: {ports: down, flags: '.', seq: 5001, ack: 1002},
      path: outward,
    }),
    untilEntries([], {within: 30, proves: ['Y-expired-fin']}),
    packet({
      ...fromRs1,
      tcp: {ports: down, flags: 'P.', seq: 5001, ack: 1002},
      payload: 'the answer at last',
      path: [
        'rs1 > director',
        {link: 'director > router', ip: 'RIP1 > CIP', proves: ['Y-expired-fin']},
        'router > client',
      ],
    }),
  ],
  counter: [
    {
      claim: 'Y-expired-fin',
      when: 'half-closed connections live for two minutes, as they do by default',
      change: {timeouts: {tcpfin: 120}},
      cause: 'other-timeouts',
    },
  ],
});
