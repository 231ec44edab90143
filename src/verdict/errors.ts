import {placeOf} from '../trace/essence.ts';
import {isIcmpError} from '../wire/icmp.ts';
import type {Crossing} from '../trace/types.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {compareError, compareQuoted} from './compare-error.ts';
import type {ErrorRule, FoundError} from './error-rules.ts';
import {Notation} from './notation.ts';
import type {Check} from './types.ts';

/** Each expected ICMP error for a packet that calls for it, on its exact path, as many as are expected, and no others. */
export function checkErrors(judged: Case): readonly Check[] {
  return [
    ...judged.errorRules.map((rule, i) => checkRule(judged, rule, i + 1)),
    checkOthers(judged),
  ];
}

function checkRule(judged: Case, rule: ErrorRule, number: number): Check {
  const {type, code, of, count, proves} = rule.expected;
  const maker = rule.hops[0]?.link.source ?? '?';
  const draft = new CheckDraft(
    `errors.${number}`,
    `ICMP type ${type} code ${code} from ${maker} for a ${of}`,
    proves,
  );
  const found = judged.errors.filter(error => error.rule === rule);
  const [least, most] = count;
  if (found.length < least || found.length > most)
    draft.fail({
      field: 'icmp',
      expected: least === most ? String(least) : `${least} to ${most}`,
      actual: String(found.length),
    });
  const quoted = new Set<unknown>();
  for (const error of found) {
    draft.judge();
    checkError(judged, rule, error, draft, quoted.has(error.quoted?.path));
    quoted.add(error.quoted?.path);
  }
  // None is as expected, where that is expected.
  if (least === 0) draft.judge(judged.connections.length);
  return draft.done();
}

function checkError(
  judged: Case,
  {expected, hops}: ErrorRule,
  error: FoundError,
  draft: CheckDraft,
  isSecond: boolean,
): void {
  const {connection, path} = error;
  const notation = new Notation(judged.names, connection);
  const [first] = path.crossings;
  if (first === undefined) return;
  const tell = (mismatch: {field: string; expected: string; actual: string}, crossing: Crossing) =>
    draft.fail({...mismatch, place: placeOf(crossing.any), actualPacket: notation.seen(crossing)});
  if (isSecond)
    tell({field: 'icmp', expected: 'one for each packet', actual: 'another for the same'}, first);
  for (const mismatch of compareQuoted(expected, error)) tell(mismatch, first);
  const setting = {topology: judged.run.topology, names: judged.names, connection, notation};
  for (const [i, hop] of hops.entries()) {
    const crossing = path.crossings[i];
    if (crossing === undefined) {
      const last = path.crossings.at(-1) ?? first;
      const actual = `the error ends at ${last.to ?? 'no node'}`;
      tell({field: 'path', expected: notation.link(hop.link), actual}, last);
      return;
    }
    for (const mismatch of compareError(setting, expected, hop, crossing, path.crossings[i - 1]))
      tell(mismatch, crossing);
  }
  const beyond = path.crossings[hops.length];
  if (beyond !== undefined)
    tell({field: 'path', expected: 'the path ends', actual: 'it goes on'}, beyond);
}

/** Whatever they quote. */
function checkOthers(judged: Case): Check {
  const draft = new CheckDraft(
    'errors',
    judged.errorRules.length === 0 ? 'no ICMP error' : 'no other ICMP error',
  );
  const notation = new Notation(judged.names);
  const {flows, other} = judged.trace;
  const expected = new Set(
    judged.errors.filter(({rule}) => rule !== undefined).map(({path}) => path),
  );
  const unexpected = flows.flatMap(({paths, errors}) => {
    draft.judge(paths.length);
    return errors.filter(path => !expected.has(path)).flatMap(({crossings}) => crossings);
  });
  for (const crossing of [...unexpected, ...other.filter(isError)])
    draft.fail({
      field: 'icmp',
      expected: 'no ICMP error',
      actual: 'one',
      place: placeOf(crossing.any),
      actualPacket: notation.seen(crossing),
    });
  return draft.done();
}

const isError = ({any}: Crossing): boolean =>
  any.packet.headers.some(
    header =>
      (header.kind === 'icmp' || header.kind === 'icmpv6') && isIcmpError(header.kind, header.type),
  );
