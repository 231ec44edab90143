import {exchange, packet, together, untilEntries} from '../../src/lab/define.ts';
import type {SctpChunkFields} from '../../src/wire/sctp-encode.ts';

const open = {
  initiateTag: 0x5ac7,
  receiverWindow: 65_536,
  outboundStreams: 1,
  inboundStreams: 1,
  initialTsn: 77,
  parameters: [],
};
const inward = (tag: number, chunk: SctpChunkFields) =>
  packet({
    from: 'client',
    ip: 'CIP > VIP',
    sctp: {ports: '4000 > 3868', tag, chunks: [chunk]},
    path: [
      'client > router',
      'router > director',
      {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 3869', proves: ['H-sctp']},
    ],
  });
const outward = (tag: number, chunk: SctpChunkFields) =>
  packet({
    from: 'rs1',
    ip: 'RIP1 > CIP',
    sctp: {ports: '3869 > 4000', tag, chunks: [chunk]},
    path: [
      'rs1 > director',
      {link: 'director > router', ip: 'VIP > CIP', ports: '3868 > 4000', proves: ['H-sctp']},
      'router > client',
    ],
  });
const init = inward(0, {kind: 'init', ...open});
const state = (word: string) =>
  untilEntries([{client: 'CIP:4000', virtual: 'VIP:3868', server: 'RIP1:3869', state: word}], {
    proves: ['H-sctp'],
  });

export default exchange({
  title: 'SCTP through NAT, chunk by chunk: the state of the entry after each',
  claims: ['H-sctp'],
  topology: 'two-arm-nat',
  needs: ['ipvs-sctp'],
  service: {protocol: 'sctp', vip: 'VIP', port: 3868, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 3869}],
  sysctls: {director: {'net.ipv4.ip_forward': 1}},
  steps: [
    // The first one makes INIT1, which lives for four seconds; from there alone the second one makes INIT, which lives for a minute.
    together(init, init),
    state('INIT'),
    outward(0x5ac7, {kind: 'init-ack', ...open, initiateTag: 0xca11}),
    state('C-SENT'),
    inward(0xca11, {kind: 'cookie-echo', data: Buffer.from('biscuits')}),
    state('C-REPLIED'),
    outward(0x5ac7, {kind: 'cookie-ack'}),
    state('ESTABLISHED'),
    inward(0xca11, {kind: 'shutdown', cumulativeTsn: 76}),
    state('S-RECEIVED'),
    outward(0x5ac7, {kind: 'shutdown-ack'}),
    state('S-ACK-SENT'),
    inward(0xca11, {kind: 'shutdown-complete'}),
    state('CLOSED'),
  ],
  counter: [
    {
      claim: 'H-sctp',
      when: 'the director does not forward',
      change: {sysctls: {director: {'net.ipv4.ip_forward': 0}}},
      cause: 'other-sysctl',
    },
  ],
});
