import type {Verdict} from '../verdict/types.ts';
import {casesOf, labCase} from './cases.ts';
import {overallVerdict} from './reason.ts';
import type {LabResult, RunReport} from './types.ts';

/** A test and its subtests. */
interface Test {
  readonly name: string;
  readonly verdict: Verdict;
  /** For the result line: why it was skipped or gave no result. */
  readonly message: string;
  /** Diagnostic lines before the result. */
  readonly text: string;
  readonly subtests: readonly Test[];
}

const header = 'KTAP version 1';

/**
 * Reports as KTAP (kernel, Documentation/dev-tools/ktap.rst): labs, below them their checks, claims and counter-labs as
 * subtests; with several kernels these are the outermost tests.
 */
export function ktapReport(reports: readonly RunReport[]): string {
  const [only] = reports;
  const tests =
    reports.length === 1 && only !== undefined ? only.labs.map(labTest) : reports.map(kernelTest);
  return `${[header, `1..${tests.length}`, ...tests.flatMap(lines)].join('\n')}\n`;
}

function kernelTest({kernel, labs}: RunReport): Test {
  const verdict = worst(labs.map(overallVerdict));
  const first = labs.find(lab => overallVerdict(lab) === verdict);
  const message = first === undefined ? 'no labs' : labCase(first).message;
  return {name: `kernel ${kernel}`, verdict, message, text: '', subtests: labs.map(labTest)};
}

function labTest(lab: LabResult): Test {
  const one = labCase(lab);
  const subtests = casesOf(lab).map(each => ({...each, subtests: []}));
  // What the subtests tell is not told again.
  return {...one, text: subtests.length > 0 ? '' : one.text, subtests};
}

const order: readonly Verdict[] = ['FAIL', 'ERROR', 'INCONCLUSIVE', 'PASS', 'SKIP'];

const worst = (verdicts: readonly Verdict[]): Verdict =>
  order.find(verdict => verdicts.includes(verdict)) ?? 'SKIP';

function lines({name, verdict, message, text, subtests}: Test, index: number): string[] {
  const nested =
    subtests.length === 0
      ? []
      : [header, `# Subtest: ${plain(name)}`, `1..${subtests.length}`, ...subtests.flatMap(lines)];
  const diagnosis = text === '' || verdict === 'SKIP' ? [] : text.split('\n');
  const isOk = verdict === 'PASS' || verdict === 'SKIP';
  const directive =
    verdict === 'SKIP'
      ? ` # SKIP ${plain(message)}`
      : verdict === 'ERROR' || verdict === 'INCONCLUSIVE'
        ? ` # ERROR ${verdict === 'ERROR' ? '' : 'inconclusive: '}${plain(message)}`
        : '';
  return [
    ...nested.map(line => `  ${line}`),
    ...diagnosis.map(line => `# ${clean(line)}`.trimEnd()),
    `${isOk ? 'ok' : 'not ok'} ${index + 1} ${plain(name)}${directive}`.trimEnd(),
  ];
}

/** Control characters would end the line, or act on the terminal of who reads it. */
const clean = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');

/** A description must have no `#`, which begins a directive. */
const plain = (text: string): string => clean(text).replaceAll('#', '').trim();
