import type {NodeShell} from '../nodes/types.ts';
import {quote} from '../quote.ts';
import {BrokenLabError} from '../problem.ts';
import type {EventRecord, RequestRecord} from '../run-folder/types.ts';
import {openConnections, releaseConnections} from '../traffic/connections.ts';
import {runHttp} from '../traffic/http.ts';
import type {PlanStep} from './steps.ts';

/** What happened, as the clients saw it and as it was done. */
export interface Happened {
  readonly requests: readonly RequestRecord[];
  readonly events: readonly EventRecord[];
}

/** Does the steps one after the other. What fails at a client is data; BrokenLabError when a step cannot be done. */
export async function performSteps(
  steps: readonly PlanStep[],
  shellOf: (node: string) => NodeShell,
): Promise<Happened> {
  const requests: RequestRecord[] = [];
  const events: EventRecord[] = [];
  for (const step of steps)
    switch (step.kind) {
      case 'http':
        requests.push(...(await runHttp(shellOf(step.client), step.requests)));
        break;
      case 'connections':
        requests.push(...(await openConnections(shellOf(step.client), step.traffic)));
        break;
      case 'release':
        await releaseConnections(shellOf(step.client), step.hold);
        break;
      case 'edit':
        events.push(...(await editService(shellOf(step.node), step)));
    }
  return {requests, events};
}

/** All edits in one go, stamped with the time by the same clock as the frames. */
async function editService(
  shell: NodeShell,
  {edits, lines}: Extract<PlanStep, {kind: 'edit'}>,
): Promise<readonly EventRecord[]> {
  const script = `said=$(printf '%s\\n' ${quote(lines.join('\n'))} | ipvsadm -R 2>&1) || :
[ -z "$said" ] || { echo "ipvsadm: $said" >&2; exit 1; }
date +%s%N`;
  const {exitCode, stdout, stderr} = await shell.run(script, {label: lines.join('; ')});
  const at = stdout.toString('utf8').trim();
  if (exitCode === 0 && /^\d+$/.test(at)) return edits.map(edit => ({at, node: shell.node, edit}));
  throw new BrokenLabError({
    what: `the service on node "${shell.node}" could not be changed`,
    where: shell.node,
    value: `exit code ${exitCode}: ${stderr.trim()}`,
    next: 'correct the lab',
  });
}
