import {stepFailed, timeSaid} from '../nodes/failed.ts';
import {lateAfter} from '../nodes/late.ts';
import type {NodeShell} from '../nodes/types.ts';
import type {ExpiryRecord} from '../run-folder/types.ts';
import {tooLate} from './keepalived-script.ts';
import type {Timeouts} from './step-types.ts';

/** The timeouts of a director's connection entries. */
export interface TimeoutsStep extends Timeouts {
  readonly node: string;
}

/** Until the director has neither a connection entry nor a persistence template. */
export interface ExpireStep {
  readonly kind: 'expire';
  readonly node: string;
  readonly seconds: number;
}

/** Sets the timeouts of a director's connection entries: see `ipvsadm --set`, ipvsadm(8). Entries that are there keep theirs. */
export async function setTimeouts(
  shell: NodeShell,
  {tcp = 0, finWait = 0, udp = 0}: TimeoutsStep,
): Promise<void> {
  const done = await shell.run(`ipvsadm --set ${tcp} ${finWait} ${udp}`);
  if (done.exitCode !== 0) throw stepFailed(shell.node, 'its timeouts could not be set', done);
}

/** The listing has two lines of titles (ipvsadm 1.31, list_conn). Prints the time in nanoseconds when it has no other. */
export const untilExpiredScript = (seconds: number): string => `${lateAfter(seconds)}
until listing=$(ipvsadm -Lnc) && [ "$(echo "$listing" | wc -l)" = 2 ]; do
  ! late || exit ${tooLate}
  sleep 0.2
done
date +%s%N
`;

/** Waits for the end of all entries; when it does not come in time that is data: undefined. */
export async function untilExpired(
  shell: NodeShell,
  {seconds}: ExpireStep,
): Promise<ExpiryRecord | undefined> {
  const done = await shell.run(untilExpiredScript(seconds), {
    label: 'wait until no entry and no template is left',
    timeoutMs: (seconds + 60) * 1000,
  });
  if (done.exitCode === tooLate) return undefined;
  return {at: timeSaid(shell.node, 'its entries could not be watched', done), node: shell.node};
}
