import type {Check, Failure, Measured, Verdict} from '../verdict/types.ts';
import type {Forward} from '../ipvs/types.ts';
import type {Comparison, Lab} from './types.ts';

/** What a comparison needs of each lab that it compares. */
export interface Compared {
  readonly lab: Lab;
  readonly verdict: Verdict;
  readonly measured: Measured | undefined;
}

type Bytes = Measured['nodes'][string];
const none: Bytes = {requestIn: 0, requestOut: 0, replyIn: 0, replyOut: 0};

/** The methods whose replies pass the director. */
const passesReplies: Readonly<Record<Forward | 'fullnat', boolean>> = {
  masq: true,
  fullnat: true,
  droute: false,
  tunnel: false,
};

/**
 * Judges a comparison from measured bytes: with every method all that the client sent comes in at the director; with
 * NAT and full NAT all that the client got left it, with DR and TUN not one byte of a reply was seen there.
 * INCONCLUSIVE when one of the compared labs did not pass, as its bytes then mean nothing; SKIP when it was skipped.
 */
export function judgeComparison(
  comparison: Comparison,
  compared: readonly Compared[],
): {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly checks: readonly Check[];
} {
  const reasons = comparison.of.flatMap(name => {
    const one = compared.find(({lab}) => lab.name === name);
    return one?.verdict === 'PASS' ? [] : [`${name} did not pass: ${one?.verdict ?? 'not run'}`];
  });
  const skipped = comparison.of
    .map(name => compared.find(({lab}) => lab.name === name)?.verdict)
    .every(verdict => verdict === 'PASS' || verdict === 'SKIP');
  if (reasons.length > 0) return {verdict: skipped ? 'SKIP' : 'INCONCLUSIVE', reasons, checks: []};
  const checks = compared.map(one => compareOne(one, comparison.claims));
  return {
    verdict: checks.every(check => check.verdict === 'PASS') ? 'PASS' : 'FAIL',
    reasons: [],
    checks,
  };
}

function compareOne({lab, measured}: Compared, proves: readonly string[]): Check {
  const forward = lab.realServers[0]?.forward ?? 'masq';
  const director = bytesOf(measured, 'director');
  const client = bytesOf(measured, 'client');
  const replies = passesReplies[forward] ? client.replyIn : 0;
  const failures = [
    differ('bytes of requests into the director', client.requestOut, director.requestIn),
    differ('bytes of replies out of the director', replies, director.replyOut),
    ...(passesReplies[forward]
      ? [differ('bytes of replies into the director', replies, director.replyIn)]
      : [differ('bytes of replies into the director', 0, director.replyIn)]),
    ...(client.replyIn > 0 && director.requestOut > 0
      ? []
      : [failure('bytes measured', 'more than 0', '0')]),
  ].flat();
  return {
    id: `compare.${forward}`,
    title: `${lab.name}: what passes the director (${forward})`,
    verdict: failures.length === 0 ? 'PASS' : 'FAIL',
    proves,
    judged: 1,
    failures,
  };
}

const bytesOf = (measured: Measured | undefined, node: string): Bytes =>
  measured?.nodes[node] ?? none;

const differ = (field: string, expected: number, actual: number): Failure[] =>
  expected === actual ? [] : [failure(field, String(expected), String(actual))];

const failure = (field: string, expected: string, actual: string): Failure => ({
  field,
  expected,
  actual,
  place: 'director',
  expectedPacket: '',
  actualPacket: '',
});
