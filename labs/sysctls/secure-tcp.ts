import {exchange, packet, setSysctl, untilEntries} from '../../src/lab/define.ts';

const entry = (port: number, state: string) => ({
  client: `CIP:${port}`,
  virtual: 'VIP:80',
  server: 'RIP1:8080',
  state,
});
const inward = (port: number, flags: string, seq: number, ack: number) =>
  packet({
    from: 'client',
    ip: 'CIP > VIP',
    tcp: {ports: `${port} > 80`, flags, seq, ack},
    path: [
      'client > director',
      {link: 'director > rs1', ip: 'CIP > RIP1', ports: `${port} > 8080`},
    ],
  });
const outward = (port: number, flags: string, seq: number, ack: number) =>
  packet({
    from: 'rs1',
    ip: 'RIP1 > CIP',
    tcp: {ports: `8080 > ${port}`, flags, seq, ack},
    path: ['rs1 > director', {link: 'director > client', ip: 'VIP > CIP', ports: `80 > ${port}`}],
  });
const [plain, secure] = [{proves: ['Y-secure-tcp-0']}, {proves: ['Y-secure-tcp-3']}];

export default exchange({
  title: 'secure_tcp: when a connection is established, and whose word it takes',
  claims: ['Y-secure-tcp-0', 'Y-secure-tcp-3'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sysctls: {director: {'net.ipv4.vs.secure_tcp': 0}},
  steps: [
    // The client alone: it has not even heard the server's number.
    inward(4000, 'S', 1000, 0),
    untilEntries([entry(4000, 'SYN_RECV')]),
    inward(4000, '.', 1001, 1),
    untilEntries([entry(4000, 'ESTABLISHED')], plain),
    setSysctl('director', {'net.ipv4.vs.secure_tcp': 3}),
    inward(4001, 'S', 1000, 0),
    inward(4001, '.', 1001, 1),
    untilEntries([entry(4000, 'ESTABLISHED'), entry(4001, 'SYN_RECV')], secure),
    outward(4001, 'S.', 5000, 1001),
    untilEntries([entry(4000, 'ESTABLISHED'), entry(4001, 'SYNACK')], secure),
    inward(4001, '.', 1001, 5001),
    untilEntries([entry(4000, 'ESTABLISHED'), entry(4001, 'SYNACK')], secure),
    outward(4001, '.', 5001, 1001),
    untilEntries([entry(4000, 'ESTABLISHED'), entry(4001, 'ESTABLISHED')], secure),
  ],
  counter: [
    {
      claim: 'Y-secure-tcp-3',
      when: 'secure_tcp stays 0',
      change: {sysctls: {director: {'net.ipv4.vs.secure_tcp': 0}}},
      cause: 'other-sysctl',
    },
    {
      claim: 'Y-secure-tcp-0',
      when: 'secure_tcp is 3 from the start',
      change: {sysctls: {director: {'net.ipv4.vs.secure_tcp': 3}}},
      cause: 'other-sysctl',
    },
  ],
});
