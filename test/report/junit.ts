import test from 'ava';
import {escapeXml, junitReport} from '../../src/report/junit.ts';
import type {LabResult} from '../../src/report/types.ts';
import {broken, failed, inconclusive, passed, reportOf, skipped} from './support/results.ts';

/** The suite of one lab, as it stands in the whole report. */
const suiteOf = (counts: string, time: string, name: string, run: string, cases: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="lvslab" ${counts} time="${time}">
  <testsuite name="${name} on 6.1.0-56" ${counts} time="${time}">
    <properties>
      <property name="lvslab" value="0.1.0"/>
      <property name="kernel" value="6.1.0-56"/>
      <property name="host" value="guest"/>
      <property name="accelerator" value="tcg"/>
      <property name="run" value="${run}"/>
    </properties>
${cases}
  </testsuite>
</testsuites>
`;

const prints = test.macro((t, lab: LabResult, text: string) => {
  t.is(junitReport([reportOf('6.1.0-56', lab)]), text);
});

test(
  'a lab that passed has a test case for itself, each check and each claim',
  prints,
  passed,
  suiteOf(
    'tests="5" failures="0" errors="0" skipped="1"',
    '7.250',
    'modes/dr',
    '/runs/1',
    `    <testcase classname="modes/dr" name="modes/dr" time="7.250"/>
    <testcase classname="modes/dr" name="request.1: request, hop 1: client &gt; router" time="0.000"/>
    <testcase classname="modes/dr" name="kernel: no oops" time="0.000"/>
    <testcase classname="modes/dr" name="claim DR1" time="0.000"/>
    <testcase classname="modes/dr" name="claim DR6" time="0.000">
      <skipped message="only its counter-labs show it, and they were not run"/>
    </testcase>`,
  ),
);

test(
  'failures have the text that people get, the kernel log included',
  prints,
  failed,
  suiteOf(
    'tests="6" failures="5" errors="0" skipped="0"',
    '7.250',
    'modes/dr',
    '/runs/1',
    `    <testcase classname="modes/dr" name="modes/dr" time="7.250">
      <failure type="FAIL" message="request, hop 1: client &gt; router: ip.dst expected VIP 198.51.100.80, actual RIP1 198.51.100.21 (and 3 more)">request, hop 1: client &gt; router: ip.dst expected VIP 198.51.100.80, actual RIP1 198.51.100.21
no oops: kernel log expected no trouble, actual BUG: &lt;bad&gt; &amp; &quot;worse&quot; #1[31m, and 2 more
masq, not droute
counter-lab DR1: should have failed, but: PASS</failure>
    </testcase>
    <testcase classname="modes/dr" name="request.1: request, hop 1: client &gt; router" time="0.000">
      <failure type="FAIL" message="ip.dst: expected VIP 198.51.100.80, actual RIP1 198.51.100.21">FAIL  modes/dr  request, hop 1: client &gt; router
      ip.dst   expected VIP 198.51.100.80   actual RIP1 198.51.100.21    frame 14, director eth1
      expected  CIP &gt; VIP
      actual    CIP &gt; RIP1
      likely    masq, not droute</failure>
    </testcase>
    <testcase classname="modes/dr" name="kernel: no oops" time="0.000">
      <failure type="FAIL" message="kernel log: expected no trouble, actual BUG: &lt;bad&gt; &amp; &quot;worse&quot; #1[31m">FAIL  modes/dr  no oops
      kernel log   expected no trouble   actual BUG: &lt;bad&gt; &amp; &quot;worse&quot; #1\\x1b[31m    kernel 6.1.0-56
      and 2 more</failure>
    </testcase>
    <testcase classname="modes/dr" name="claim DR1" time="0.000">
      <failure type="FAIL" message="request, hop 1: client &gt; router; counter-lab: ARP &amp; all">request, hop 1: client &gt; router; counter-lab: ARP &amp; all</failure>
    </testcase>
    <testcase classname="modes/dr" name="counter-lab DR3: behind a router" time="0.000"/>
    <testcase classname="modes/dr" name="counter-lab DR1: ARP &amp; all" time="0.000">
      <failure type="FAIL" message="should have failed, but: PASS">should have failed, but: PASS</failure>
    </testcase>`,
  ),
);

test(
  'a lab that was skipped says why',
  prints,
  skipped,
  suiteOf(
    'tests="1" failures="0" errors="0" skipped="1"',
    '0.000',
    'modes/tun',
    '',
    `    <testcase classname="modes/tun" name="modes/tun" time="0.000">
      <skipped message="kernel 6.1.0-56 has no tunnel device tunl0"/>
    </testcase>`,
  ),
);

test(
  'a lab that broke is an error, not a failure',
  prints,
  broken,
  suiteOf(
    'tests="1" failures="0" errors="1" skipped="0"',
    '0.000',
    'modes/nat',
    '',
    `    <testcase classname="modes/nat" name="modes/nat" time="0.000">
      <error type="ERROR" message="the guest died">the guest died
  next   try again</error>
    </testcase>`,
  ),
);

test('an inconclusive lab is no pass', t => {
  const text = junitReport([reportOf('6.1.0-56', inconclusive)]);
  t.regex(text, /<testsuites name="lvslab" tests="3" failures="0" errors="3" skipped="0"/);
  t.regex(
    text,
    /<error type="INCONCLUSIVE" message="rs1 eth0: 3 packets dropped by kernel">rs1 eth0/,
  );
});

test('several kernels are suites of their own, and the sums are of all', t => {
  const text = junitReport([reportOf('6.1', passed), reportOf('7.3', failed)]);
  t.regex(
    text,
    /^<testsuites name="lvslab" tests="11" failures="5" errors="0" skipped="1" time="14\.500">$/m,
  );
  t.regex(text, /<testsuite name="modes\/dr on 6\.1"/);
  t.regex(text, /<testsuite name="modes\/dr on 7\.3"/);
});

const escapes = test.macro((t, text: string, expected: string) => {
  t.is(escapeXml(text), expected);
});
test(
  'markup is escaped',
  escapes,
  `<a b="c" d='&'>`,
  '&lt;a b=&quot;c&quot; d=&apos;&amp;&apos;&gt;',
);
test('tabs and line ends stay', escapes, 'a\tb\nc', 'a\tb\nc');
test(
  'control characters, lone surrogates and non-characters go',
  escapes,
  'a\0\u001b\r\u009b\ud800b\uffff',
  'ab',
);
test('other characters stay as they are', escapes, 'ä 😀', 'ä 😀');
