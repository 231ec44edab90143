import {nodeOfAddress} from '../topology/names.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import type {Check, Health} from './types.ts';

/** A change of the service as it was seen in the director's table. */
interface Change {
  readonly kind: string;
  readonly node: string;
  readonly at: bigint;
}

const words = {remove: 'taken out', add: 'put back'} as const;

/** The service changes as expected, in order, each change after a health check that called for it. */
export function checkChanges(judged: Case, {changes, proves}: Health): Check {
  const seen = changesOf(judged);
  const title = changes.map(({kind, node}) => `${node} is ${words[kind]}`).join(', ');
  const draft = new CheckDraft('health.changes', `${title}${timesOf(judged, seen)}`, proves);
  draft.judge(seen.length);
  const wording = (list: readonly {readonly kind: string; readonly node: string}[]): string =>
    list.map(({kind, node}) => `${kind} ${node}`).join(', ') || 'no change';
  if (wording(seen) !== wording(changes))
    draft.fail({field: 'service', expected: wording(changes), actual: wording(seen)});
  for (const change of seen) {
    const wanted = change.kind === 'remove' ? 'refused' : 'accepted';
    const since = startOf(judged, change);
    const called = judged.probes.some(
      ({node, at, answer}) =>
        node === change.node && answer === wanted && at < change.at && at > (since ?? change.at),
    );
    if (!called)
      draft.fail({
        field: 'service',
        expected: `${change.kind} ${change.node} after a health check of it was ${wanted}`,
        actual: 'no such health check before',
      });
  }
  return draft.done();
}

const changesOf = ({run}: Case): readonly Change[] =>
  run.record.events.map(({at, edit}) => ({
    kind: edit.kind,
    node: nodeOfAddress(run.topology, edit.server.address)?.node.name ?? edit.server.address,
    at: BigInt(at),
  }));

/** When the real server's server was last stopped or started before the change. */
function startOf({run}: Case, {kind, node, at}: Change): bigint | undefined {
  const record = (run.record.serving ?? []).findLast(
    one => one.node === node && one.up === (kind === 'add') && BigInt(one.from) < at,
  );
  return record === undefined ? undefined : BigInt(record.from);
}

/** `: 1.8 s after its server stopped, 2.1 s after it started`. */
function timesOf(judged: Case, seen: readonly Change[]): string {
  const times = seen.flatMap(change => {
    const start = startOf(judged, change);
    if (start === undefined) return [];
    const seconds = (Number((change.at - start) / 1_000_000n) / 1000).toFixed(1);
    return [`${seconds} s after its server ${change.kind === 'remove' ? 'stopped' : 'started'}`];
  });
  return times.length === 0 ? '' : `: ${times.join(', ')}`;
}
