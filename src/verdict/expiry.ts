import {departure} from '../trace/essence.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import type {Connection} from './connections.ts';
import type {Check} from './types.ts';

/** That all entries and templates were seen to be gone as often as the lab waits for it. */
export function checkExpiry({run, expectation: {expiry}}: Case): readonly Check[] {
  if (expiry === undefined) return [];
  const draft = new CheckDraft(
    'expiry',
    'connection entries and persistence templates end',
    expiry.proves,
  );
  const seen = run.record.expiries?.length ?? 0;
  draft.judge(expiry.times);
  if (seen !== expiry.times)
    draft.fail({
      field: 'expiry',
      expected: `no entry left, ${expiry.times} times`,
      actual: `${seen} times`,
      place: 'director: ipvsadm -Lnc',
    });
  return [draft.done()];
}

/** The connections that began after the last time at which no entry was left: of those before, none can be listed. */
export function listable({connections, run}: Case): readonly Connection[] {
  const last = (run.record.expiries ?? []).reduce(
    (latest, {at}) => (BigInt(at) > latest ? BigInt(at) : latest),
    0n,
  );
  return connections.filter(({flow}) => {
    const first = flow.paths[0]?.crossings[0];
    return first === undefined || departure(first) > last;
  });
}
