import {exchange, packet, untilEntries} from '../../src/lab/define.ts';

const toDirector = ['client > router', 'router > director'];
const inward = [...toDirector, {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 8080'}];
const outward = [
  'rs1 > director',
  {link: 'director > router', ip: 'VIP > CIP', ports: '80 > 4000'},
  'router > client',
];
const fromClient = {from: 'client', ip: 'CIP > VIP'};
const [up, down] = ['4000 > 80', '8080 > 4000'];

export default exchange({
  title: 'ipvsadm --set: a TCP connection that was silent for longer than its entry lives',
  claims: ['Y-expired-tcp'],
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  timeouts: {tcp: 6},
  steps: [
    packet({...fromClient, tcp: {ports: up, flags: 'S', seq: 1000}, path: inward}),
    packet({
      from: 'rs1',
      ip: 'RIP1 > CIP',
      tcp: {ports: down, flags: 'S.', seq: 5000, ack: 1001},
      path: outward,
    }),
    packet({...fromClient, tcp: {ports: up, flags: '.', seq: 1001, ack: 5001}, path: inward}),
    untilEntries([], {within: 30, proves: ['Y-expired-tcp']}),
    packet({
      ...fromClient,
      tcp: {ports: up, flags: 'P.', seq: 1001, ack: 5001},
      payload: 'too late',
      path: toDirector,
      causes: [
        {
          ip: 'VIP > CIP',
          ports: '80 > 4000',
          tcp: {flags: 'R', seq: 5001},
          path: [{link: 'director > router', proves: ['Y-expired-tcp']}, 'router > client'],
        },
      ],
    }),
  ],
  counter: [
    {
      claim: 'Y-expired-tcp',
      when: 'established connections live for 15 minutes, as they do by default',
      change: {timeouts: {tcp: 900}},
      cause: 'other-timeouts',
    },
  ],
});
