import test, {type ExecutionContext} from 'ava';
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

/** The file with one thing wrong is refused, and told what, where and what to do. */
function wrongIn(whole: string) {
  return async (t: ExecutionContext, {change: [text, by], what, value, at, valid}: Wrong) => {
    t.true(whole.includes(text));
    const source = whole.replace(text, by);
    const [problem, ...more] = await refusal(t, source);
    t.deepEqual(more, []);
    t.regex(problem?.what ?? '', what);
    t.is(problem?.value, value);
    t.is(problem?.where, placeOf(source, at, 'export default'));
    t.truthy(problem?.next);
    if (valid !== undefined) t.deepEqual(problem?.valid?.slice(0, valid.length), valid);
  };
}
const wrong = test.macro(wrongIn(file));

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

const syncFile = `import {exchange, packet} from 'lvslab';

export default exchange({
  title: 'an exchange of a user',
  claims: ['Y-sync-received'],
  topology: 'farm',
  service: {protocol: 'tcp', vip: 'VIP', port: 80, scheduler: 'rr'},
  realServers: [{node: 'rs1', forward: 'masq', port: 8080}],
  sync: {network: 'lan', id: 7, state: 'backup'},
  counter: [],
  steps: [
    packet({
      from: 'rs4',
      ip: 'RIP4 > 224.0.0.81',
      udp: {ports: '8848 > 8848'},
      sync: {
        version: 0,
        id: 7,
        cut: 1,
        connections: [{client: 'CIP:4000', virtual: 'VIP:80', server: 'RIP1:8080'}],
      },
      path: [{link: 'rs4 > lan', proves: ['Y-sync-received']}],
    }),
  ],
});
`;
const wrongSync = test.macro(wrongIn(syncFile));

test('a sync message with the address of nobody', wrongSync, {
  change: ["'RIP1:8080'", "'RIP9:8080'"],
  what: /^topology "farm" has no address of this name/,
  value: 'RIP9',
  at: 'RIP9',
});
test('one that tells of an end without a port', wrongSync, {
  change: ["'CIP:4000'", "'CIP'"],
  what: /^expected an address and port/,
  value: 'CIP',
  at: "CIP', virtual",
});
test('one of a version that there is not', wrongSync, {
  change: ['version: 0', 'version: 2'],
  what: /version/,
  value: '2',
  at: '2,',
});
test('a timeout, which version 0 has not', wrongSync, {
  change: ["server: 'RIP1:8080'", "server: 'RIP1:8080', timeout: 60"],
  what: /^unknown key/,
  value: 'timeout',
  at: 'timeout',
});
test('one of which more is cut off than it has', wrongSync, {
  change: ['cut: 1', 'cut: 28'],
  what: /^the sync message is not so long/,
  value: '28',
  at: '28,',
  valid: ['a cut of 0 to 27 bytes'],
});
test('one without a datagram', wrongSync, {
  change: ["udp: {ports: '8848 > 8848'}", "tcp: {ports: '8848 > 8848', flags: 'S'}"],
  what: /^a sync message is all that a datagram carries/,
  value: 'sync',
  at: 'sync: {\n        version',
});
test('one beside other payload', wrongSync, {
  change: ['sync: {\n', "payload: 'x',\n      sync: {\n"],
  what: /^a sync message is all that a datagram carries/,
  value: 'sync',
  at: 'sync: {\n        version',
});
test('what goes to one address, and to all of a network', wrongSync, {
  change: ['RIP4 > 224.0.0.81', 'RIP4 > DIP'],
  what: /^only what goes to a multicast group goes to all of a network/,
  value: 'rs4 > lan',
  at: 'rs4 > lan',
});
test('a network that there is not', wrongSync, {
  change: ['rs4 > lan', 'rs4 > wan'],
  what: /^a link is written "node > node"/,
  value: 'rs4 > wan',
  at: 'rs4 > wan',
});
test('a link behind one to all of a network', wrongSync, {
  change: ["'rs4 > lan',", "'rs4 > lan'}, {link: 'director > client',"],
  what: /^a link begins where the one before it ended/,
  value: 'director > client',
  at: 'director > client',
});
test('another sync id for a daemon that the lab has not', wrongSync, {
  change: [
    "sync: {network: 'lan', id: 7, state: 'backup'},\n  counter: [],",
    "counter: [{claim: 'Y-sync-received', when: 'never', change: {sync: {id: 8}}, cause: 'other-sync-id'}],",
  ],
  what: /^the lab has no sync daemon/,
  value: 'sync',
  at: 'sync: {id: 8}',
});
