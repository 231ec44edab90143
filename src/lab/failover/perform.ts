import {stepFailed} from '../../nodes/failed.ts';
import {runSections} from '../../nodes/sections.ts';
import type {NodeShell} from '../../nodes/types.ts';
import {BrokenLabError} from '../../problem.ts';
import type {MarkRecord, RequestRecord} from '../../run-folder/types.ts';
import {askHeld, beginChat, endChat} from '../../traffic/connections.ts';
import type {Connections} from '../../traffic/types.ts';
import {tooLate} from '../keepalived-script.ts';
import {
  blockScript,
  killScript,
  knowsScript,
  mastersScript,
  startScript,
  syncedScript,
  vrrpLog,
  whoHasScript,
} from './script.ts';
import type {FailoverPlanStep, KillStep, MastersStep, StartStep, SyncedStep} from './steps.ts';

/** Connections that are held open: who holds them, how they were made, and from where. */
export interface Held {
  readonly client: string;
  readonly traffic: Connections;
  readonly requests: readonly RequestRecord[];
}

/** What a step of a failover lab gave. */
export interface FailoverHappened {
  readonly marks: readonly MarkRecord[];
  readonly requests?: readonly RequestRecord[];
  readonly texts?: {readonly node: string; readonly texts: Record<string, string>};
}

/** Seconds in which keepalived has started on a slow machine. */
const startSeconds = 60;

/** Does one step. What does not come about in time is data; BrokenLabError when a step cannot be done. */
export async function performFailover(
  step: FailoverPlanStep,
  shellOf: (node: string) => NodeShell,
  held: ReadonlyMap<string, Held>,
  marks: readonly MarkRecord[],
): Promise<FailoverHappened> {
  switch (step.kind) {
    case 'start':
      return {marks: [await startAll(step, shellOf)]};
    case 'masters':
      return {marks: [await untilMasters(step, shellOf, deadOf(marks))]};
    case 'kill':
      return {marks: [await kill(shellOf(step.node), step)]};
    case 'block':
    case 'cure': {
      const on = step.kind === 'block';
      // In order: who hears the other first after a split decides who says what.
      const done: Span[] = [];
      for (const node of step.at)
        done.push(await run(shellOf(node), blockScript(step, on), `${step.kind} VRRP`));
      return {marks: [spanOf(step.kind, step.at, done)]};
    }
    case 'synced':
      return untilSynced(shellOf(step.node), step, held.get(step.hold));
    case 'knows': {
      const done = await run(
        shellOf(step.node),
        knowsScript(step),
        'wait for the neighbour table',
        step.seconds,
      );
      return {marks: [spanOf('knows', [step.node], [done])]};
    }
    case 'ask': {
      const {client, traffic} = held.get(step.hold) ?? notHeld(step.hold);
      return {marks: [], requests: await askHeld(shellOf(client), traffic, step)};
    }
    case 'chat': {
      const {client, traffic} = held.get(step.hold) ?? notHeld(step.hold);
      await beginChat(shellOf(client), traffic, step);
      return {marks: []};
    }
    case 'enough': {
      const {client, traffic} = held.get(step.hold) ?? notHeld(step.hold);
      return {marks: [], requests: await endChat(shellOf(client), traffic, step)};
    }
    case 'who-has': {
      const script = whoHasScript(step.device, step.address);
      const done = await run(shellOf(step.from), script, `who has ${step.address}`);
      return {marks: [spanOf('who-has', [step.from], [done])]};
    }
  }
}

/** What a director shows beyond what every one does, for the run folder: keepalived's log, what its firewall dropped, its daemons. */
export const textsOf = (shell: NodeShell): Promise<Record<string, string>> =>
  runSections(shell, 'collect what keepalived did', {
    'keepalived-log': `cat ${vrrpLog}`,
    firewall: 'iptables -w -nvxL INPUT; ip6tables -w -nvxL INPUT',
    'sync-daemons': 'ipvsadm -Ln --daemon',
  });

/** The end of the steps: what directors say to each other is judged up to here, for captures end one after the other. */
export async function markEnd(
  nodes: readonly string[],
  shellOf: (node: string) => NodeShell,
): Promise<MarkRecord> {
  const [first = ''] = nodes;
  return spanOf('end', nodes, [await run(shellOf(first), 'date +%s%N\n', 'end of the steps')]);
}

const deadOf = (marks: readonly MarkRecord[]): readonly string[] =>
  marks.flatMap(({kind, nodes}) => (kind === 'kill' ? nodes : []));

async function startAll(
  {directors}: StartStep,
  shellOf: (node: string) => NodeShell,
): Promise<MarkRecord> {
  const spans: Span[] = [];
  for (const director of directors)
    spans.push(
      await run(shellOf(director.node), startScript(director, startSeconds), 'start keepalived'),
    );
  return spanOf(
    'start',
    directors.map(({node}) => node),
    spans,
  );
}

async function untilMasters(
  {nodes, seconds}: MastersStep,
  shellOf: (node: string) => NodeShell,
  dead: readonly string[],
): Promise<MarkRecord> {
  const alive = nodes.filter(({node}) => !dead.includes(node));
  const done = await Promise.all(
    alive.map(wanted =>
      run(shellOf(wanted.node), mastersScript(wanted, seconds), 'wait for masters', seconds),
    ),
  );
  return spanOf(
    'masters',
    alive.map(({node}) => node),
    done,
  );
}

async function kill(shell: NodeShell, {devices}: KillStep): Promise<MarkRecord> {
  return spanOf('kill', [shell.node], [await run(shell, killScript(devices), 'kill')]);
}

async function untilSynced(
  shell: NodeShell,
  {seconds, hold}: SyncedStep,
  held: Held | undefined,
): Promise<FailoverHappened> {
  const clients = new Map(
    (held ?? notHeld(hold)).requests.map(({localAddress: address, localPort: port}) => [
      `${address} ${port}`,
      {address, port},
    ]),
  );
  const script = syncedScript([...clients.values()], seconds);
  const done = await run(shell, script, 'wait for synced entries', seconds);
  return {
    marks: [spanOf('synced', [shell.node], [done])],
    texts: {node: shell.node, texts: {'synced-entries': done.rest}},
  };
}

/** From when to when a script did something, whether it came about, and what the script said beyond. */
interface Span {
  readonly from: string;
  readonly to: string;
  readonly reached: boolean;
  readonly rest: string;
}

/** A script's lines that are times are its begin and its end; one that gave up has no end but its own. */
async function run(
  shell: NodeShell,
  script: string,
  label: string,
  seconds = startSeconds,
): Promise<Span> {
  const done = await shell.run(script, {label, timeoutMs: (seconds + 60) * 1000});
  const lines = done.stdout.toString('utf8').split('\n');
  const times = lines.filter(line => /^\d{19}$/.test(line));
  const [from, to = from] = times;
  if ((done.exitCode !== 0 && done.exitCode !== tooLate) || from === undefined || to === undefined)
    throw stepFailed(shell.node, `could not do this: ${label}`, done);
  const rest = lines.filter(line => !times.includes(line)).join('\n');
  return {from, to, reached: done.exitCode === 0, rest};
}

/** The nodes' clock is one: it is the lab host's. */
function spanOf(
  kind: MarkRecord['kind'],
  nodes: readonly string[],
  spans: readonly Span[],
): MarkRecord {
  const sorted = (times: readonly string[]): string[] =>
    times.toSorted((a, b) => Number(BigInt(a) - BigInt(b)));
  return {
    kind,
    nodes,
    from: sorted(spans.map(({from}) => from))[0] ?? '0',
    to: sorted(spans.map(({to}) => to)).at(-1) ?? '0',
    reached: spans.every(({reached}) => reached),
  };
}

function notHeld(hold: string): never {
  throw new BrokenLabError({
    what: 'no connections are held under this name',
    where: hold,
    next: 'correct the lab',
  });
}
