import {entries, exchange, packet, together} from '../../src/lab/define.ts';

/** Destination options, eight bytes of nothing but padding (RFC 8200, 4.2 and 4.6). */
const options = {type: 60, body: '010400000000'};
const inward = (port: number) => [
  'client > director',
  {
    link: 'director > rs1',
    ip: 'CIP > RIP1',
    ports: `${port} > 8080`,
    proves: ['Y-sctp-v6-state'],
  },
];
const init = {
  kind: 'init' as const,
  initiateTag: 0xca11,
  receiverWindow: 65_536,
  outboundStreams: 1,
  inboundStreams: 1,
  initialTsn: 1000,
  parameters: [],
};
const entry = (port: number) => ({
  client: `[CIP]:${port}`,
  virtual: '[VIP]:80',
  server: '[RIP1]:8080',
  state: 'INIT',
});
const opens = packet({
  from: 'client',
  ip: 'CIP > VIP',
  extensions: [options],
  sctp: {ports: '4001 > 80', tag: 0, chunks: [init]},
  path: inward(4001),
});

// No set-up breaks this: what does is a kernel without the fix, which reads the chunk of the second packet where its header
// would end without options, in the verification tag. See docs/findings.md.
export default exchange({
  title: 'SCTP over IPv6: the chunk that opens an association, behind extension headers',
  claims: ['Y-sctp-v6-state'],
  topology: 'farm',
  family: 'v6',
  needs: ['ipvs-sctp', 'ipvs-ipv6'],
  service: {protocol: 'sctp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  steps: [
    // The first one makes INIT1, which lives for four seconds; from there alone the second one makes INIT, which lives for a minute.
    together(opens, opens),
    entries([entry(4001)], {proves: ['Y-sctp-v6-state']}),
  ],
  counter: [],
});
