import {availableParallelism, freemem} from 'node:os';
import {Listr, ListrLogger, ProcessOutput} from 'listr2';
import {version} from '../own/version.ts';
import {compareMethods} from '../report/compare.ts';
import type {RunReport} from '../report/types.ts';
import {openRunFolder} from '../run-folder/read.ts';
import {traceRun} from '../trace/run.ts';
import {readCaptures} from './judge.ts';
import {loadLabs} from './load.ts';
import type {Plan} from './plan.ts';
import {recordProofs} from './proof.ts';
import {assemble, missingLabs, plansOf} from './run-labs.ts';
import {runPlan, type PlanResult} from './run.ts';
import {openSession, type Session} from './session.ts';

export interface RunOptions {
  readonly labs: readonly string[];
  readonly topologies: readonly string[];
  readonly host: 'guest' | 'engine';
  readonly kernel: string;
  /** Labs at the same time; undefined: by cores and memory. */
  readonly jobs?: number | undefined;
  readonly counters: boolean;
}

/** Runs what the words name, with progress on stderr, and remembers what it proved. `comparison` is a table or ''. */
export async function runCommand(
  words: readonly string[],
  options: RunOptions,
): Promise<{readonly report: RunReport; readonly comparison: string}> {
  const named = await loadLabs(words, options);
  const missing = missingLabs(named);
  const labs = [...named, ...(missing.length > 0 ? await loadLabs(missing, options) : [])];
  const plans = plansOf(labs, options);
  const results = await runPlans(plans, options);
  const all = assemble(labs, results);
  recordProofs(
    labs.flatMap((lab, index) => {
      const result = all[index];
      return result === undefined ? [] : [{lab, result}];
    }),
    options.topologies,
  );
  const host = results.find(result => result.host !== undefined)?.host;
  return {
    report: {
      lvslab: version,
      kernel: host?.kernel ?? 'unknown',
      host: {kind: options.host, accelerator: host?.accelerator ?? 'unknown'},
      labs: all,
    },
    comparison: labs.some(lab => lab.kind === 'comparison') ? comparisonTable(results) : '',
  };
}

/** What the field calls a method, by what real servers are forwarded with. */
const methodNames = {masq: 'NAT', droute: 'DR', tunnel: 'TUN', fullnat: 'full NAT'} as const;

function comparisonTable(results: readonly PlanResult[]): string {
  const runs = results.flatMap(({plan, run, verdict}) => {
    if (plan.counter !== undefined || run === undefined || verdict !== 'PASS') return [];
    const captures = readCaptures(openRunFolder(run));
    return [
      {
        method: methodNames[plan.lab.realServers[0]?.forward ?? 'masq'],
        topology: plan.topology,
        trace: traceRun(plan.topology, captures),
      },
    ];
  });
  return runs.length < 2 ? '' : `\n${compareMethods(runs)}\n`;
}

/** Guests have 2 virtual processors and 2 GiB each, most of it shared. */
const defaultJobs = (): number =>
  Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / 2 ** 30)));

async function runPlans(plans: readonly Plan[], options: RunOptions): Promise<PlanResult[]> {
  const results: PlanResult[] = [];
  let session: Session | undefined;
  const interrupt = (): void => {
    void session?.close().finally(() => process.exit(130));
    if (session === undefined) process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const jobs = options.host === 'engine' ? 1 : (options.jobs ?? defaultJobs());
  try {
    await new Listr(
      [
        {
          title: 'lab host',
          task: async (_, task) => {
            session = await openSession({
              ...options,
              env: process.env,
              progress: line => void (task.output = line),
            });
          },
        },
        {
          title: 'labs',
          task: (_, task) =>
            task.newListr(
              plans.map((plan, index) => ({
                title:
                  plan.counter === undefined ? plan.title : `${plan.title}: ${plan.counter.when}`,
                task: async (_context, one) => {
                  if (session === undefined) return;
                  const result = await runPlan(plan, session, line => void (one.output = line));
                  results[index] = result;
                  one.title = `${one.title}  ${result.verdict}`;
                },
              })),
              {concurrent: jobs},
            ),
        },
      ],
      {
        renderer: process.stderr.isTTY ? 'default' : 'simple',
        rendererOptions: {
          logger: new ListrLogger({
            processOutput: new ProcessOutput(process.stderr, process.stderr),
          }),
        },
      },
    ).run();
  } finally {
    await session?.close();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
  return results;
}
