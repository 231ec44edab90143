import {availableParallelism, freemem} from 'node:os';
import {Listr, ListrLogger, ProcessOutput} from 'listr2';
import {moduleAdvice} from '../host/engine.ts';
import {InputError} from '../problem.ts';
import {whatLacks} from './missing.ts';
import type {AnyPlan} from './any-plan.ts';
import {runPlan, type PlanResult} from './run.ts';
import {openSession, type Session} from './session.ts';

/** Where plans are run, and how. */
export interface RunPlansOptions {
  readonly host: 'guest' | 'engine';
  readonly kernel: string;
  /** The tree with the modules of a kernel of one's own. */
  readonly modules?: string | undefined;
  /** Labs at the same time; undefined: by cores and memory. */
  readonly jobs?: number | undefined;
  /** What becomes of a lab that needs what the kernel lacks: the verdict SKIP, or InputError before anything is run. */
  readonly missing: 'skip' | 'error';
}

/** What running plans gave, and on what. */
export interface PlansRun {
  /** In the order of the plans. */
  readonly results: readonly PlanResult[];
  /** `uname -r`. */
  readonly kernel: string | undefined;
  readonly accelerator: string | undefined;
}

/**
 * Guests have 2 GiB each, most of it shared. A lab waits for a part of its time, for sums of the kernel or for timers: with one
 * more than there are processors another one runs then (docs/benchmarks.md, all labs with --jobs).
 */
const defaultJobs = (): number =>
  Math.max(1, Math.min(availableParallelism() + 1, Math.floor(freemem() / 2 ** 30)));

/** Runs plans, each in a place of its own, with progress on stderr. Throws as openSession and runPlan do. */
export async function runPlans(
  plans: readonly AnyPlan[],
  options: RunPlansOptions,
): Promise<PlansRun> {
  const results: PlanResult[] = [];
  let session: Session | undefined;
  const interrupt = (): void => {
    void session?.close().finally(() => process.exit(130));
    if (session === undefined) process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const jobs =
    options.host === 'engine' ? 1 : Math.min(plans.length, options.jobs ?? defaultJobs());
  try {
    await new Listr(
      [
        {
          title: 'lab host',
          task: async (_, task) => {
            session = await openSession({
              ...options,
              jobs,
              env: process.env,
              progress: line => void (task.output = line),
            });
            if (options.missing === 'error') refuse(plans, session, options.host);
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
                  const result =
                    skipped(plan, session, options.host) ??
                    (await runPlan(plan, session, line => void (one.output = line)));
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
  return {results, kernel: session?.kernel.release, accelerator: session?.accelerator};
}

function skipped(
  plan: AnyPlan,
  {kernel, accelerator}: Session,
  host: RunPlansOptions['host'],
): PlanResult | undefined {
  const lack = whatLacks(plan, kernel);
  if (lack === undefined) return undefined;
  return {
    plan,
    verdict: 'SKIP',
    judgement: undefined,
    // In a guest all modules of its kernel are there.
    error: host === 'engine' ? `${lack}: ${moduleAdvice}` : lack,
    run: undefined,
    seconds: 0,
    host: {kernel: kernel.release, accelerator},
  };
}

function refuse(plans: readonly AnyPlan[], {kernel}: Session, host: RunPlansOptions['host']): void {
  const [where, advice] =
    host === 'engine' ? ['--host engine', moduleAdvice] : ['--kernel', 'choose another kernel'];
  const lacks = plans.flatMap(plan => {
    const lack = plan.counter === undefined ? whatLacks(plan, kernel) : undefined;
    return lack === undefined ? [] : [{lab: plan.lab.name, lack}];
  });
  if (lacks.length === 0) return;
  throw new InputError(
    [...new Set(lacks.map(({lack}) => lack))].map(what => ({
      what,
      where,
      value: lacks
        .filter(({lack}) => lack === what)
        .map(({lab}) => lab)
        .join(', '),
      next: `${advice}; --missing skip leaves these labs out`,
    })),
  );
}
