import {entries, exchange, packet, together} from '../../src/lab/define.ts';
import type {SctpChunkFields} from '../../src/wire/sctp-encode.ts';

const claim = 'P-sctp-states';
const [clientTag, serverTag] = [0xca_11, 0x5a_c7];
const fromClient = (chunk: SctpChunkFields, tag = serverTag) =>
  packet({
    from: 'client',
    ip: 'CIP > VIP',
    sctp: {ports: '4000 > 80', tag, chunks: [chunk]},
    path: ['client > director', {link: 'director > rs1', ip: 'CIP > RIP1', ports: '4000 > 8080'}],
  });
const fromServer = (chunk: SctpChunkFields) =>
  packet({
    from: 'rs1',
    ip: 'RIP1 > CIP',
    sctp: {ports: '8080 > 4000', tag: clientTag, chunks: [chunk]},
    path: ['rs1 > director', {link: 'director > client', ip: 'VIP > CIP', ports: '80 > 4000'}],
  });
const isNow = (state: string) =>
  entries([{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080', state}], {
    proves: [claim],
  });
const opening = (initiateTag: number) => ({
  initiateTag,
  receiverWindow: 65_536,
  outboundStreams: 1,
  inboundStreams: 1,
  initialTsn: 1000,
});
const init = fromClient({kind: 'init', ...opening(clientTag), parameters: []}, 0);
const cookie = Buffer.from('a cookie of the real server.');

export default exchange({
  title: 'SCTP: the states of an entry, chunk by chunk, from INIT to SHUTDOWN COMPLETE',
  claims: [claim],
  topology: 'farm',
  needs: ['ipvs-sctp'],
  service: {protocol: 'sctp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  steps: [
    // The first one makes INIT1, which lives for four seconds; from there alone the second one makes INIT, which lives for a minute.
    together(init, init),
    isNow('INIT'),
    fromServer({
      kind: 'init-ack',
      ...opening(serverTag),
      parameters: [{type: 7, data: cookie}],
    }),
    isNow('C-SENT'),
    fromClient({kind: 'cookie-echo', data: cookie}),
    isNow('C-REPLIED'),
    fromServer({kind: 'cookie-ack'}),
    isNow('ESTABLISHED'),
    fromClient({kind: 'shutdown', cumulativeTsn: 999}),
    isNow('S-RECEIVED'),
    fromServer({kind: 'shutdown-ack'}),
    isNow('S-ACK-SENT'),
    fromClient({kind: 'shutdown-complete'}),
    isNow('CLOSED'),
  ],
  counter: [],
});
