import {startCaptures} from '../capture/capture.ts';
import {collect} from '../nodes/collect.ts';
import {commandFailed} from '../nodes/failed.ts';
import type {NodeShell} from '../nodes/types.ts';
import {version} from '../own/version.ts';
import {BrokenLabError} from '../problem.ts';
import type {Node} from '../topology/types.ts';
import {RunWriter} from '../run-folder/write.ts';
import {settle} from '../traffic/settle.ts';
import type {Judgement, Verdict} from '../verdict/types.ts';
import {judgeFolder} from './judge.ts';
import {blameKernel, KernelTroubleError} from './kernel-trouble.ts';
import {kernelNode, kernelShell} from './kernel-shell.ts';
import type {AnyPlan} from './any-plan.ts';
import {performExchange} from './exchange/perform.ts';
import {performSteps, type Happened} from './perform.ts';
import {claimRun, releaseRun, runsFolder} from './runs.ts';
import type {Place, Session} from './session.ts';

/** What running one plan gave. A lab that broke has an error and no judgement. */
export interface PlanResult {
  readonly plan: AnyPlan;
  readonly verdict: Verdict;
  readonly judgement: Judgement | undefined;
  readonly error: string | undefined;
  /** The run folder, where there is one. */
  readonly run: string | undefined;
  readonly seconds: number;
  readonly host: {readonly kernel: string; readonly accelerator: string} | undefined;
}

/**
 * Runs a plan: a fresh place, set up, captured, with traffic, saved and judged from what was saved. A lab that breaks
 * has the verdict ERROR, or FAIL when its kernel broke; only wrong input throws.
 */
export async function runPlan(
  plan: AnyPlan,
  session: Session,
  progress: (line: string) => void,
): Promise<PlanResult> {
  const started = performance.now();
  const writer = new RunWriter(runsFolder(), plan.title.replaceAll(' ', '-'));
  claimRun(writer.path);
  const seconds = (): number => (performance.now() - started) / 1000;
  let host: PlanResult['host'];
  try {
    const place = await session.open(plan.topology, writer.id, writer.command, progress);
    try {
      host = {kernel: place.host.kernel.release, accelerator: place.host.accelerator};
      await perform(plan, place, writer, progress);
    } catch (error) {
      throw await blameKernel(error, place.host);
    } finally {
      await place.close();
    }
    progress('judging');
    const {judgement} = judgeFolder(writer.path);
    const {verdict} = judgement;
    return {plan, verdict, judgement, error: undefined, run: writer.path, seconds: seconds(), host};
  } catch (error) {
    if (!(error instanceof BrokenLabError)) throw error;
    return {
      plan,
      verdict: error instanceof KernelTroubleError ? 'FAIL' : 'ERROR',
      judgement: undefined,
      error: error.message,
      run: writer.path,
      seconds: seconds(),
      host,
    };
  } finally {
    releaseRun(writer.path);
  }
}

/** The live half, up to the whole run folder. */
async function perform(
  plan: AnyPlan,
  {host, deployment, engineVersion}: Place,
  writer: RunWriter,
  progress: (line: string) => void,
): Promise<void> {
  const {topology, lab, counter, expectation} = plan;
  const {shells} = deployment;
  const all = [...shells.values()];
  progress('setting up the director and the real servers');
  await Promise.all(
    [...plan.scripts].map(async ([node, script]) => {
      const {exitCode, stderr} = await shellOf(shells, node).run(script, {label: script});
      if (exitCode === 0) return;
      throw commandFailed(
        node,
        `node "${node}" could not be set up for the lab`,
        {exitCode, stderr},
        `the script is in ${writer.path}/commands.jsonl`,
      );
    }),
  );
  progress('starting captures');
  const extra = Object.fromEntries(plan.tunnels.map(({node, device}) => [node, [device]]));
  const captures = await startCaptures(shells, topology, {extra});
  progress('sending requests');
  const kernel = kernelShell(host, writer.id, writer.command);
  const {requests, events, serving, expiries, cleared, marks, texts} = await happen(plan, node =>
    node === kernelNode ? kernel : shellOf(shells, node),
  );
  await kernel.close();
  progress('waiting for the last packet');
  const ends = topology.nodes.filter(({role}) => role === 'client' || role === 'realServer');
  const doubts = await settleEnds(plan, ends, node => shellOf(shells, node));
  progress('collecting');
  const [captured, engine] = await Promise.all([
    captures.stop(),
    engineVersion(),
    ...all.map(async shell => {
      const role = topology.nodes.find(({name}) => name === shell.node)?.role;
      // A wrong set-up need not wait for sums that nobody asks for.
      const counters = counter === undefined ? 'settled' : 'once';
      if (role !== undefined) await writer.texts(shell.node, await collect(shell, role, counters));
    }),
  ]);
  for (const said of texts) await writer.texts(said.node, said.texts);
  for (const {record, pcap} of captured) await writer.capture(record, pcap);
  // Last of all: what the kernel does wrong as the captures stop is of this lab too.
  const kernelTrouble = await host.kernelTrouble();
  await writer.finish(
    topology,
    {
      title: lab.title,
      claims: lab.claims,
      counter:
        counter === undefined
          ? null
          : {claim: counter.claim, when: counter.when, cause: counter.cause},
      expectation,
    },
    {
      lvslab: version,
      kernel: host.kernel.release,
      host: {kind: host.kind, accelerator: host.accelerator, engine},
      requests,
      events,
      serving,
      expiries,
      cleared,
      ...(marks === undefined ? {} : {marks}),
      doubts,
      kernelTrouble,
    },
  );
}

const happen = (plan: AnyPlan, shell: (node: string) => NodeShell): Promise<Happened> =>
  plan.kind === 'exchange' ? performExchange(plan, shell) : performSteps(plan.steps, shell);

/**
 * When a director loses a connection, its real server is not told that the client is gone: its socket stays, idle or, where an
 * acknowledgement was lost, sending again and again. That is so where a counter-lab loses connections.
 */
async function settleEnds(
  {kind, counter}: AnyPlan,
  ends: readonly Node[],
  shell: (node: string) => NodeShell,
): Promise<readonly string[]> {
  const shells = (of: readonly Node[]) => of.map(({name}) => shell(name));
  if (kind !== 'failover') return settle(shells(ends));
  const clients = ends.filter(({role}) => role === 'client');
  const doubts = await settle(shells(clients));
  const servers = shells(ends.filter(node => !clients.includes(node)));
  if (counter === undefined) return [...doubts, ...(await settle(servers, {idle: 'settled'}))];
  await settle(servers, {idle: 'settled', seconds: 2});
  return doubts;
}

function shellOf(shells: ReadonlyMap<string, NodeShell>, node: string): NodeShell {
  const shell = shells.get(node);
  if (shell !== undefined) return shell;
  throw new BrokenLabError({what: `node "${node}" is not running`, where: node});
}
