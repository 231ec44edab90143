import {restoreScript} from '../ipvs/render.ts';
import {commandFailed} from '../nodes/failed.ts';
import type {NodeShell} from '../nodes/types.ts';
import type {
  ClearedRecord,
  EventRecord,
  ExpiryRecord,
  MarkRecord,
  RequestRecord,
  ServingRecord,
} from '../run-folder/types.ts';
import {openConnections, releaseConnections} from '../traffic/connections.ts';
import {runFtp} from '../traffic/ftp.ts';
import {runHttp} from '../traffic/http.ts';
import {setTimeouts, untilExpired} from './expiry.ts';
import {markEnd, performFailover, textsOf, type Held} from './failover/perform.ts';
import {killKeepalived, serve, startKeepalived, untilListed} from './keepalived.ts';
import type {PlanStep} from './steps.ts';

/** What happened, as the clients saw it and as it was done. */
export interface Happened {
  readonly requests: readonly RequestRecord[];
  readonly events: readonly EventRecord[];
  readonly serving: readonly ServingRecord[];
  readonly expiries: readonly ExpiryRecord[];
  readonly cleared: readonly ClearedRecord[];
  /** Of a failover lab. */
  readonly marks?: readonly MarkRecord[];
  /** What was said on the way, for the run folder. */
  readonly texts: readonly {readonly node: string; readonly texts: Record<string, string>}[];
}

/** Does the steps one after the other. What fails at a client is data; BrokenLabError when a step cannot be done. */
export async function performSteps(
  steps: readonly PlanStep[],
  shellOf: (node: string) => NodeShell,
): Promise<Happened> {
  const requests: RequestRecord[] = [];
  const events: EventRecord[] = [];
  const serving: ServingRecord[] = [];
  const expiries: ExpiryRecord[] = [];
  const cleared: ClearedRecord[] = [];
  const marks: MarkRecord[] = [];
  const held = new Map<string, Held>();
  const texts: Happened['texts'][number][] = [];
  for (const step of steps)
    switch (step.kind) {
      case 'http':
        requests.push(...(await runHttp(shellOf(step.client), step.requests)));
        break;
      case 'connections': {
        const {client, traffic} = step;
        const own = await openConnections(shellOf(client), traffic);
        requests.push(...own);
        if (traffic.hold !== undefined) held.set(traffic.hold, {client, traffic, requests: own});
        break;
      }
      case 'ftp':
        requests.push(...(await runFtp(shellOf(step.client), step.sessions)));
        break;
      case 'release':
        await releaseConnections(shellOf(step.client), step.hold);
        break;
      case 'edit':
        events.push(...(await editService(shellOf(step.node), step)));
        break;
      case 'keepalived': {
        const started = await startKeepalived(shellOf(step.node), step);
        texts.push({node: step.node, texts: started.texts});
        cleared.push(started.cleared);
        break;
      }
      case 'serve':
        serving.push(await serve(shellOf(step.node), step));
        break;
      case 'timeouts':
        await setTimeouts(shellOf(step.node), step);
        break;
      case 'expire':
        expiries.push(...[await untilExpired(shellOf(step.node), step)].filter(isThere));
        break;
      case 'until': {
        const event = await untilListed(shellOf(step.node), step);
        // A real server that was never out is not put back.
        const was = events.findLast(({edit}) => edit.server.address === step.server.address);
        if (event !== undefined && (event.edit.kind === 'remove') !== (was?.edit.kind === 'remove'))
          events.push(event);
        break;
      }
      default: {
        const done = await performFailover(step, shellOf, held, marks);
        marks.push(...done.marks);
        requests.push(...(done.requests ?? []));
        if (done.texts !== undefined) texts.push(done.texts);
      }
    }
  for (const step of steps)
    if (step.kind === 'keepalived')
      texts.push({node: step.node, texts: await killKeepalived(shellOf(step.node))});
  for (const step of steps)
    if (step.kind === 'start') {
      const nodes = step.directors.map(({node}) => node);
      marks.push(await markEnd(nodes, shellOf));
      for (const node of nodes) texts.push({node, texts: await textsOf(shellOf(node))});
    }
  return {
    requests,
    events,
    serving,
    expiries,
    cleared,
    texts,
    ...(marks.length === 0 ? {} : {marks}),
  };
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined;

/** All edits in one go, stamped with the time by the same clock as the frames. */
export async function editService(
  shell: NodeShell,
  {edits, lines}: Extract<PlanStep, {kind: 'edit'}>,
): Promise<readonly EventRecord[]> {
  const script = `date +%s%N\n${restoreScript(lines)}\ndate +%s%N`;
  const {exitCode, stdout, stderr} = await shell.run(script, {label: lines.join('; ')});
  const times = /^(?<from>\d+)\n(?<at>\d+)\n?$/.exec(stdout.toString('utf8'))?.groups;
  const {from, at} = times ?? {};
  if (exitCode === 0 && from !== undefined && at !== undefined)
    return edits.map(edit => ({at, from, node: shell.node, edit}));
  throw commandFailed(
    shell.node,
    `the service on node "${shell.node}" could not be changed`,
    {exitCode, stderr},
    'correct the lab',
  );
}
