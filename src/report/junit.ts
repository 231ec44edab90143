import type {Verdict} from '../verdict/types.ts';
import {casesOf, labCase, type Case} from './cases.ts';
import type {LabResult, RunReport} from './types.ts';

/**
 * Reports as JUnit XML (the form that CI systems read): a test suite a lab and kernel, a test case for the lab's verdict and
 * for each check, claim and counter-lab. FAIL is a failure, SKIP is skipped, ERROR and INCONCLUSIVE are errors: neither
 * the code under test nor its judge is to blame, but nothing is proven.
 */
export function junitReport(reports: readonly RunReport[]): string {
  const suites = reports.flatMap(report =>
    report.labs.map(lab => ({report, lab, cases: [labCase(lab), ...casesOf(lab)]})),
  );
  const all = suites.flatMap(({cases}) => cases);
  const seconds = suites.reduce((sum, {lab}) => sum + lab.seconds, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="lvslab" ${counts(all)} time="${seconds.toFixed(3)}">`,
    ...suites.flatMap(({report, lab, cases}) => suite(report, lab, cases)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(report: RunReport, lab: LabResult, cases: readonly Case[]): string[] {
  const {lvslab, kernel, host} = report;
  const properties = {lvslab, kernel, host: host.kind, accelerator: host.accelerator};
  return [
    `  <testsuite name="${escapeXml(`${lab.name} on ${kernel}`)}" ${counts(cases)} time="${lab.seconds.toFixed(3)}">`,
    '    <properties>',
    ...Object.entries({...properties, run: lab.run ?? ''}).map(
      ([name, value]) => `      <property name="${name}" value="${escapeXml(value)}"/>`,
    ),
    '    </properties>',
    // Only the lab as a whole was timed.
    ...cases.flatMap((one, i) => testCase(lab, one, i === 0 ? lab.seconds : 0)),
    '  </testsuite>',
  ];
}

function testCase(lab: LabResult, {name, verdict, message, text}: Case, seconds: number): string[] {
  const head = `    <testcase classname="${escapeXml(lab.name)}" name="${escapeXml(name)}" time="${seconds.toFixed(3)}"`;
  const kind = kinds[verdict];
  if (kind === undefined) return [`${head}/>`];
  const attributes = `message="${escapeXml(message)}"`;
  const body =
    kind === 'skipped'
      ? `      <skipped ${attributes}/>`
      : `      <${kind} type="${verdict}" ${attributes}>${escapeXml(text)}</${kind}>`;
  return [`${head}>`, body, '    </testcase>'];
}

const kinds: Readonly<Record<Verdict, 'failure' | 'error' | 'skipped' | undefined>> = {
  PASS: undefined,
  FAIL: 'failure',
  SKIP: 'skipped',
  INCONCLUSIVE: 'error',
  ERROR: 'error',
};

function counts(cases: readonly Case[]): string {
  const count = (kind: string): number =>
    cases.filter(({verdict}) => kinds[verdict] === kind).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an attribute or an element: what XML 1.0 has no character for (section 2.2, C0 but tab and line ends) is left out. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll(/(?![\t\n])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
    .replaceAll(/[&<>"']/g, character => entities[character] ?? '');
