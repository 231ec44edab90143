import test from 'ava';
import {changed, placeOf} from './support/lab-file.ts';
import {refusal} from './support/refusal.ts';

interface Wrong {
  /** A text of the good lab file, and what stands there instead. */
  readonly change: readonly [string, string];
  readonly value: string;
  readonly next: string;
  readonly what: RegExp;
  /** Where the value is looked for: after this text. */
  readonly after?: string;
  readonly valid?: string;
}

const wrong = test.macro(async (t, {change, value, next, what, after, valid}: Wrong) => {
  const text = changed(...change);
  const problems = await refusal(t, text);
  t.is(problems.length, 1, JSON.stringify(problems));
  const [problem] = problems;
  t.regex(problem?.what ?? '', what);
  t.is(problem?.value, value);
  t.is(problem?.next, next);
  t.is(problem?.where, placeOf(text, value, after ?? change[1]));
  if (valid !== undefined) t.true(problem?.valid?.includes(valid), problem?.valid?.join(', '));
});

test('an unknown real server', wrong, {
  change: ["{node: 'rs2', forward", "{node: 'rs22', forward"],
  value: 'rs22',
  next: 'did you mean "rs2"?',
  what: /no such node.*lab\.realServers\.node/,
  valid: 'rs1',
});
test('a node of another role is no real server', wrong, {
  change: ["{node: 'rs2', forward", "{node: 'router', forward"],
  value: 'router',
  next: 'use one of the valid names',
  what: /no such node here/,
  valid: 'rs2',
});
test('a real server of the other family without a tunnel', wrong, {
  change: ["{node: 'rs2', forward", "{node: 'rs2', family: 'v6', forward"],
  value: 'droute',
  next: "forward to it by tunnel, or leave its family the lab's",
  what: /other family.*lab\.realServers\.forward/,
  after: 'realServers',
  valid: 'tunnel',
});
test('an unknown client', wrong, {
  change: ["from: 'client'", "from: 'clint'"],
  value: 'clint',
  next: 'did you mean "client"?',
  what: /lab\.traffic\.from/,
});
test('an unknown node in a link', wrong, {
  change: ["'router > director'", "'router > directr'"],
  value: 'directr',
  next: 'did you mean "director"?',
  what: /lab\.expect\.request\.link/,
  valid: 'rs',
});
test('an unknown node in a link of the reply', wrong, {
  change: ["'rs > router'", "'rs3 > router'"],
  value: 'rs3',
  next: 'did you mean "rs"?',
  what: /lab\.expect\.reply\.link/,
});
test('a link that is none', wrong, {
  change: ["'router > director'", "'router -> director'"],
  value: 'router -> director',
  next: 'use one of the valid names',
  what: /a link is written/,
  valid: 'client > router',
});
test('a link between nodes that share no network', wrong, {
  change: ["'client > router', ip", "'client > director', ip"],
  value: 'client > director',
  next: 'name the nodes between them, as topology "routed-lan" has them',
  what: /must share a network/,
});
test('an unknown node at which frames must not be seen', wrong, {
  change: ["at: 'director'", "at: 'rs'"],
  value: 'rs',
  next: 'did you mean "rs1"?',
  what: /lab\.expect\.never\.at/,
});
test('an unknown node of a fact', wrong, {
  change: ["'gateway', node: 'rs1'", "'gateway', node: 'rs9'"],
  value: 'rs9',
  next: 'did you mean "rs1"?',
  what: /lab\.expect\.facts/,
});
test('an unknown gateway of a fact', wrong, {
  change: ["via: 'router'", "via: 'ruoter'"],
  value: 'ruoter',
  next: 'did you mean "router"?',
  what: /lab\.expect\.facts/,
});
test('an unknown network of a fact', wrong, {
  change: ["network: 'lan'", "network: 'lann'"],
  value: 'lann',
  next: 'did you mean "lan"?',
  what: /no such network/,
  valid: 'outer',
});
test('an unknown gateway of the set-up', wrong, {
  change: ["setup: {gateway: 'router'},\n  traffic", "setup: {gateway: 'exit'},\n  traffic"],
  value: 'exit',
  after: 'setup: {',
  next: 'use one of the valid names',
  what: /lab\.setup\.gateway/,
  valid: 'none',
});
test('an unknown VIP', wrong, {
  change: ["vip: 'VIP'", "vip: 'VIP2'"],
  value: 'VIP2',
  next: 'did you mean "VIP"?',
  what: /no address of this name.*lab\.service\.vip/,
});
test('an unknown address of the traffic', wrong, {
  change: ["to: 'VIP', requests", "to: 'WIP', requests"],
  value: 'WIP',
  next: 'did you mean "VIP"?',
  what: /lab\.traffic\.to/,
});
test('an unknown address in a pair', wrong, {
  change: ["ip: 'CIP > VIP'", "ip: 'CPI > VIP'"],
  value: 'CPI',
  next: 'did you mean "CIP"?',
  what: /lab\.expect\.request\.ip/,
  valid: 'RIP',
});
test('an unknown address that must not be seen', wrong, {
  change: ["anyAddress: ['RIP1']", "anyAddress: ['RIP1', 'RIP3']"],
  value: 'RIP3',
  next: 'did you mean "RIP1"?',
  what: /lab\.expect\.never\.anyAddress/,
});
test('an unknown address that nothing may route to', wrong, {
  change: ["to: 'CIP', proves", "to: 'XIP', proves"],
  value: 'XIP',
  next: 'did you mean "VIP"?',
  what: /lab\.expect\.facts\.to/,
});
test('an unknown address of a log', wrong, {
  change: ["not: 'DIP'", "not: 'DIPP'"],
  value: 'DIPP',
  next: 'did you mean "DIP"?',
  what: /lab\.expect\.facts/,
});
test('an unknown address of ARP', wrong, {
  change: ["address: 'VIP'", "address: 'VIPP'"],
  value: 'VIPP',
  next: 'did you mean "VIP"?',
  what: /lab\.expect\.facts\.address/,
});
test('a first hop without addresses', wrong, {
  change: ["'client > router', ip: 'CIP > VIP'", "'client > router'"],
  value: 'client > router',
  next: 'use one of the valid names',
  what: /the first hop must name its addresses/,
  valid: "ip: 'CIP > VIP'",
});
test('a claim that nothing proves', wrong, {
  change: ["['DR1', 'DR3']", "['DR1', 'DR3', 'DR7']"],
  value: 'DR7',
  next: 'name it in the proves of a hop or fact, or take it out',
  what: /nothing in the lab proves this claim/,
});
test('a proved claim that is not listed', wrong, {
  change: ["proves: ['DR1']", "proves: ['DR1', 'DR2']"],
  value: 'DR2',
  next: 'add it to claims, or correct it',
  what: /a claim that the lab does not list/,
});
test('a topology that is not there', wrong, {
  change: ["topology: 'routed-lan'", "topology: 'router-lan'"],
  value: 'router-lan',
  next: 'did you mean "routed-lan"?',
  what: /no such topology.*lab\.topology/,
  valid: 'one-lan',
});
test("a counter-lab's topology that is not there", wrong, {
  change: ["topology: 'remote-real-servers'", "topology: 'remote-real-server'"],
  value: 'remote-real-server',
  next: 'did you mean "remote-real-servers"?',
  what: /lab\.counter\.change\.topology/,
});
test("a counter-lab's node that the lab does not set up", wrong, {
  change: ["nodes: ['rs1'], setup", "nodes: ['client'], setup"],
  value: 'client',
  next: 'use one of the valid names',
  what: /lab\.counter\.change\.nodes/,
  valid: 'rs1',
});
test("a counter-lab's gateway that is not there", wrong, {
  change: ["gateway: 'none'", "gateway: 'non'"],
  value: 'non',
  next: 'did you mean "none"?',
  what: /lab\.counter\.setup\.gateway/,
});

test('all that is wrong is told at once, each at its place', async t => {
  const text = changed("from: 'client'", "from: 'clint'").replace("vip: 'VIP'", "vip: 'VIPP'");
  const problems = await refusal(t, text);
  t.deepEqual(
    problems.map(({where}) => where),
    [placeOf(text, 'VIPP'), placeOf(text, 'clint')],
  );
});

const errors = `errors: [{of: 'request', type: 3, code: 4, mtu: 1480, count: [1, 2], path: [
      {link: 'director > router', ip: 'VIP > CIP', quotes: {ip: 'CIP > VIP', ports: 'CPORT > 80'}},
    ]}],
    reply:`;
test('an unknown node in the path of an ICMP error', wrong, {
  change: ['reply:', errors.replace('> router', '> routr')],
  value: 'routr',
  next: 'did you mean "router"?',
  what: /no such node.*lab\.expect\.errors\.link/,
});
test('an unknown address in what an ICMP error quotes', wrong, {
  change: ['reply:', errors.replace('CIP > VIP', 'CIP > VIPP')],
  value: 'VIPP',
  next: 'did you mean "VIP"?',
  what: /no address of this name.*lab\.expect\.errors\.quotes/,
});
test('an unknown node with sysctls', wrong, {
  change: ['traffic:', "sysctls: {directr: {'net.ipv4.vs.pmtu_disc': 0}},\n  traffic:"],
  value: 'directr',
  next: 'did you mean "director"?',
  what: /no such node.*lab\.sysctls/,
});
