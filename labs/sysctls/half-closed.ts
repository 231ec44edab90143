import {entries, exchange, packet, untilEntries} from '../../src/lab/define.ts';

const claim = 'Y-expired-fin';
const toDirector = ['client > router', 'router > director'];
const fromClient = {from: 'client', ip: 'CIP > VIP'};
const fromRs1 = {from: 'rs1', ip: 'RIP1 > CIP'};
const connection = (port: number) => {
  const [up, down] = [`${port} > 80`, `8080 > ${port}`];
  const inward = [
    ...toDirector,
    {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 8080`},
  ];
  const outward = [
    'rs1 > director',
    {link: 'director > router', ip: 'VIP > CIP', ports: `80 > ${port}`},
    'router > client',
  ];
  const sends = (flags: string, seq: number, ack: number) =>
    packet({...fromClient, tcp: {ports: up, flags, seq, ack}, path: inward});
  const answers = (flags: string, seq: number, ack: number) =>
    packet({...fromRs1, tcp: {ports: down, flags, seq, ack}, path: outward});
  return {
    opened: [sends('S', 1000, 0), answers('S.', 5000, 1001), sends('.', 1001, 5001)],
    sends,
    answers,
  };
};
const [first, second] = [connection(4000), connection(4001)];
const entry = (port: number, state: string, expires: readonly [number, number]) => ({
  client: `CIP:${port}`,
  virtual: 'VIP:80',
  server: 'RIP1:8080',
  state,
  expires,
});

export default exchange({
  title: 'ipvsadm --set, tcpfin: how long the entry of a half-closed connection lives',
  claims: [claim],
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  timeouts: {tcpfin: 12},
  steps: [
    ...first.opened,
    first.answers('F.', 5001, 1001),
    entries([entry(4000, 'FIN_WAIT', [0, 12])], {proves: [claim]}),
    untilEntries([], {within: 40, proves: [claim]}),
    packet({
      ...fromClient,
      tcp: {ports: '4000 > 80', flags: 'P.', seq: 1001, ack: 5002},
      payload: 'too late',
      path: toDirector,
      causes: [
        {
          ip: 'VIP > CIP',
          ports: '80 > 4000',
          tcp: {flags: 'R', seq: 5002},
          path: [{link: 'director > router', proves: [claim]}, 'router > client'],
        },
      ],
    }),
    ...second.opened,
    second.sends('F.', 1001, 5001),
    entries([entry(4001, 'CLOSE_WAIT', [13, 60])], {proves: [claim]}),
  ],
  counter: [
    {
      claim,
      when: 'it is two minutes, as by default',
      change: {timeouts: {tcpfin: 120}},
      cause: 'other-timeouts',
    },
  ],
});
