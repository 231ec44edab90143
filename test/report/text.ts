import test from 'ava';
import {jsonReport} from '../../src/report/json.ts';
import {compareMethods} from '../../src/report/compare.ts';
import {printFlow} from '../../src/report/path.ts';
import {escapeControls, hasColors} from '../../src/report/style.ts';
import {textReport} from '../../src/report/text.ts';
import type {LabResult, RunReport} from '../../src/report/types.ts';
import {traceRun} from '../../src/trace/run.ts';
import {goodRun} from '../support/good-run.ts';
import {modes} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

function resultOf(rig: Rig): LabResult {
  const judgement = rig.judge();
  const {verdict, claims} = judgement;
  return {
    name: 'modes/dr',
    title: 'DR',
    verdict,
    claims,
    judgement,
    counters: [
      {
        claim: 'DR3',
        when: 'the real servers stand behind a router',
        verdict: 'FAIL',
        asExpected: true,
        reason: 'droute cannot cross a router',
      },
      {
        claim: 'DR6',
        when: 'the port differs',
        verdict: 'PASS',
        asExpected: false,
        reason: 'it passed',
      },
    ],
    seconds: 7.04,
    run: '/runs/1',
  };
}

const reportOf = (...labs: LabResult[]): RunReport => ({
  lvslab: '0.1.0',
  kernel: '6.1.0-56',
  host: {kind: 'guest', accelerator: 'tcg'},
  labs,
});

test('a failing check names field, expected, actual, place, both packets and the likely cause', t => {
  const rig = goodRun('dr');
  for (const place of ['director eth0', 'rs1 eth0'])
    rig.alter([place], rig.find(place, '[S]', place === 'rs1 eth0' ? 1 : 2), {
      destination: rig.address('RIP1'),
    });
  rig.texts.set(
    'director ipvsadm-Ln',
    'TCP  198.51.100.80:80 rr\n  -> 198.51.100.21:80   Masq    1      0          2\n',
  );
  const text = textReport(reportOf(resultOf(rig)));
  t.true(
    text.includes(`FAIL  dr  request, hop 3: director > rs1
      ip.dst   expected VIP 198.51.100.80   actual RIP 198.51.100.21    frame 4, director eth0
      expected  director > rs1   CIP > VIP   tcp 40000 > 80 [S]
      actual    director > rs1   CIP > RIP   tcp 40000 > 80 [S]
      likely    the service forwards with masq, not droute (ipvsadm -Ln shows Masq)
`),
    text,
  );
});

test('a passing report is a table, with the counter-labs below their lab', t => {
  const lines = textReport(reportOf(resultOf(goodRun('dr')))).split('\n');
  t.is(lines[0], 'lvslab 0.1.0   kernel 6.1.0-56   host guest (tcg)');
  t.regex(lines[2] ?? '', /^verdict +lab +claims +frames +lost +seconds +run$/);
  t.regex(lines[3] ?? '', /^PASS +modes\/dr +DR2, DR4, .* +\d+ +0 +7\.0 +\S+$/);
  t.regex(
    lines[4] ?? '',
    /^ {2}as expected {2}DR3 {2}FAIL when the real servers stand behind a router: droute cannot cross a router$/,
  );
  t.regex(lines[5] ?? '', /^ {2}NOT AS EXPECTED {2}DR6 {2}PASS when the port differs: it passed$/);
  t.is(lines.length, 7);
});

test('an inconclusive lab says why, and a broken one shows its error', t => {
  const rig = goodRun('dr');
  rig.record('rs1 eth0').droppedByKernel = 3;
  const broken: LabResult = {
    name: 'modes/x',
    title: 'x',
    verdict: 'ERROR',
    claims: [],
    error: 'guest died\n  next   try again',
    counters: [],
    seconds: 1,
  };
  const text = textReport(reportOf(resultOf(rig), broken));
  t.regex(text, /INCONCLUSIVE {2}dr\n {6}rs1 eth0: 3 packets dropped by kernel\n/);
  t.regex(text, /ERROR {2}x {2}guest died\n {8}next {3}try again\n/);
  t.regex(text, /ERROR +modes\/x +- +- +- +1\.0/);
});

test('control characters from captures and nodes are escaped', t => {
  t.is(escapeControls('a\u001b[31mb\u0007\u009b\u202e\n'), 'a\\x1b[31mb\\x07\\x9b\\u202e\\n');
  const rig = goodRun('dr');
  rig.requests.splice(
    0,
    1,
    ...rig.requests.slice(0, 1).map(one => ({...one, answeredBy: '\u001b]0;x\u0007'})),
  );
  const lab = resultOf(rig);
  t.notRegex(textReport(reportOf({...lab, error: '\u001b[2J'})), /(?!\n)\p{Cc}/u);
});

test('colours need a terminal and no NO_COLOR', t => {
  t.true(hasColors({isTTY: true}, {}));
  t.true(hasColors({isTTY: true}, {NO_COLOR: ''}));
  t.false(hasColors({isTTY: true}, {NO_COLOR: '1'}));
  t.false(hasColors({}, {}));
});

test('the JSON report has the documented shape', t => {
  const json: unknown = JSON.parse(jsonReport(reportOf(resultOf(goodRun('dr')))));
  t.like(json, {
    lvslab: '0.1.0',
    kernel: '6.1.0-56',
    host: {kind: 'guest', accelerator: 'tcg'},
    labs: [
      {
        name: 'modes/dr',
        verdict: 'PASS',
        seconds: 7.04,
        run: '/runs/1',
        captures: {dropped: 0},
        error: null,
      },
    ],
  });
});

test('a flow is printed hop by hop with what was rewritten between', t => {
  const rig = goodRun('ipip', 'v4', 'tcp', 1);
  const [flow] = traceRun(rig.topology, rig.captures()).flows;
  if (flow === undefined) return t.fail('no flow');
  const lines = printFlow(rig.topology, flow).split('\n');
  t.deepEqual(lines.slice(0, 10), [
    'flow CIP:40000 > VIP:80 from client',
    'packet 1',
    '  client > router   CIP > VIP tcp 40000 > 80 [S]   ttl 64   frame 1, client eth0',
    '      router rewrites eth.src client -> router, eth.dst router -> director, ip.ttl 64 -> 63',
    '  router > director   CIP > VIP tcp 40000 > 80 [S]   ttl 63   frame 3, router eth1',
    '      director rewrites eth.src router -> director, eth.dst director -> router, ip.ttl 63 -> 62, encapsulation none -> ipip DIP > RIP1',
    '  director > router   DIP > RIP1 ipip CIP > VIP tcp 40000 > 80 [S]   ttl 62   frame 4, director eth0',
    '      router rewrites eth.src director -> router, eth.dst router -> rs1',
    '  router > rs1   DIP > RIP1 ipip CIP > VIP tcp 40000 > 80 [S]   ttl 62   frame 1, router eth2',
    '      decapsulated, frame 1, rs1 tunl0',
  ]);
});

test('the comparison shows who rewrites what and what passes the director', t => {
  const runs = modes.map(mode => {
    const rig = goodRun(mode);
    return {method: mode, topology: rig.topology, trace: traceRun(rig.topology, rig.captures())};
  });
  const rows = compareMethods(runs).split('\n').slice(1);
  const row = (mode: string): string => rows.find(line => line.startsWith(mode)) ?? '';
  t.regex(
    row('dr'),
    /^dr +eth.src, eth.dst, ip.ttl +not through it +on the director's network +[1-9]\d+ +0$/,
  );
  t.regex(
    row('nat'),
    /^nat .*ip.dst, ip.ttl, tcp.dstport .*ip.src, ip.ttl, tcp.srcport +on the director's network +[1-9]\d+ +[1-9]\d+$/,
  );
  t.regex(row('ipip'), /^ipip .*ipip header +not through it +behind a router +[1-9]\d+ +0$/);
  t.regex(
    row('fullnat'),
    /^fullnat .*ip.src, ip.dst, ip.ttl, tcp.srcport .*behind a router +[1-9]\d+ +[1-9]\d+$/,
  );
});
