import test from 'ava';
import {placeOf} from '../support/lab-file.ts';
import {refusal} from '../support/refusal.ts';

const file = `import {entries, exchange, packet, setSysctl, shows} from 'lvslab';

export default exchange({
  title: 'an exchange of a user',
  claims: ['Y-sloppy-tcp'],
  topology: 'two-arm-nat',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sysctls: {director: {'net.ipv4.vs.sloppy_tcp': 0}},
  steps: [
    packet({
      from: 'client',
      ip: 'CIP > VIP',
      tcp: {ports: '4000 > 80', flags: '.'},
      path: ['client > router', {link: 'router > director', proves: ['Y-sloppy-tcp']}],
    }),
    shows({node: 'director', what: 'ipvsadm -Ln', lines: ['TCP']}),
    entries([{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080', state: 'NONE'}]),
  ],
  counter: [],
});
`;

interface Wrong {
  readonly change: readonly [text: string, by: string];
  readonly what: RegExp;
  readonly value?: string;
  /** The text at whose place the problem is. */
  readonly at: string;
  readonly valid?: readonly string[];
}

const wrong = test.macro(async (t, {change: [text, by], what, value, at, valid}: Wrong) => {
  t.true(file.includes(text));
  const source = file.replace(text, by);
  const [problem, ...more] = await refusal(t, source);
  t.deepEqual(more, []);
  t.regex(problem?.what ?? '', what);
  t.is(problem?.value, value);
  t.is(problem?.where, placeOf(source, at, 'export default'));
  t.truthy(problem?.next);
  if (valid !== undefined) t.deepEqual(problem?.valid?.slice(0, valid.length), valid);
});

test('a node that the topology has not', wrong, {
  change: ["node: 'director'", "node: 'clientele'"],
  what: /^topology "two-arm-nat" has no such node here/,
  value: 'clientele',
  at: 'clientele',
  valid: ['client', 'router', 'director', 'rs1', 'rs2'],
});
test('an address that it has not', wrong, {
  change: ["ip: 'CIP > VIP'", "ip: 'CIP > VAP'"],
  what: /^topology "two-arm-nat" has no address of this name/,
  value: 'VAP',
  at: 'VAP',
});
test('a link between networks', wrong, {
  change: ["'client > router', {link: 'router > director'", "{link: 'client > director'"],
  what: /^the two nodes of a link must share a network/,
  value: 'client > director',
  at: 'client > director',
});
test('a link that begins elsewhere', wrong, {
  change: ["{link: 'router > director'", "{link: 'director > rs1'"],
  what: /^a link begins where the one before it ended/,
  value: 'director > rs1',
  at: 'director > rs1',
});
test('ports by name', wrong, {
  change: ["{link: 'router > director'", "{link: 'router > director', ports: 'CPORT > 80'"],
  what: /^ports of an exchange are numbers/,
  value: 'CPORT > 80',
  at: 'CPORT > 80',
});
test('a claim that nothing proves', wrong, {
  change: [", proves: ['Y-sloppy-tcp']", ''],
  what: /^nothing in the lab proves this claim/,
  value: 'Y-sloppy-tcp',
  at: 'Y-sloppy-tcp',
});
test('TCP flags that there are not', wrong, {
  change: ["flags: '.'", "flags: 'X'"],
  what: /expected TCP flags/,
  value: 'X',
  at: 'X',
});
test('what a node cannot be asked for', wrong, {
  change: ["what: 'ipvsadm -Ln'", "what: 'reboot'"],
  what: /^nothing that a node can be asked for/,
  value: 'reboot',
  at: 'reboot',
  valid: ['ipvsadm -Ln'],
});
test('a sysctl that is none', wrong, {
  change: ["'net.ipv4.vs.sloppy_tcp': 0", "'kernel.panic': 0"],
  what: /expected a sysctl below net/,
  value: 'kernel.panic',
  at: 'kernel.panic',
});
test('a fragment that the packet has not', wrong, {
  change: ["ip: 'CIP > VIP'", "ip: 'CIP > VIP', piece: {mtu: 600, number: 2}"],
  what: /^the packet has not so many fragments/,
  value: '2',
  at: '2},',
});
test('an entry whose end is none', wrong, {
  change: ["client: 'CIP:4000'", "client: 'CIP'"],
  what: /^expected an address and port/,
  value: 'CIP',
  at: "CIP', virtual",
});
