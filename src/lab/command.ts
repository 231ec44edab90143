import {version} from '../own/version.ts';
import {compareMethods} from '../report/compare.ts';
import type {RunReport} from '../report/types.ts';
import {openRunFolder} from '../run-folder/read.ts';
import {traceRun} from '../trace/run.ts';
import {readCaptures} from './judge.ts';
import {loadLabs} from './load.ts';
import {recordProofs} from './proof.ts';
import {assemble, missingLabs, plansOf} from './run-labs.ts';
import {runPlans, type RunPlansOptions} from './run-plans.ts';
import type {PlanResult} from './run.ts';
import {traceOptions} from '../verdict/trace-options.ts';
import type {LabFile} from './types.ts';

export interface LabOptions {
  readonly labs: readonly string[];
  readonly topologies: readonly string[];
  readonly counters: boolean;
}

export type RunOptions = LabOptions & RunPlansOptions;

/** The labs that the words name, and those that the comparisons among them need. */
export async function chooseLabs(
  words: readonly string[],
  options: LabOptions,
): Promise<readonly LabFile[]> {
  const named = await loadLabs(words, options);
  const missing = missingLabs(named);
  return [...named, ...(missing.length > 0 ? await loadLabs(missing, options) : [])];
}

/** Runs labs on one kernel, with progress on stderr. */
export async function runLabs(
  labs: readonly LabFile[],
  options: RunOptions,
): Promise<{readonly report: RunReport; readonly results: readonly PlanResult[]}> {
  const {results, kernel, accelerator} = await runPlans(plansOf(labs, options), options);
  return {
    report: {
      lvslab: version,
      kernel: kernel ?? 'unknown',
      host: {kind: options.host, accelerator: accelerator ?? 'unknown'},
      labs: assemble(labs, results),
    },
    results,
  };
}

/** Runs what the words name, with progress on stderr, and remembers what it proved. `comparison` is a table or ''. */
export async function runCommand(
  words: readonly string[],
  options: RunOptions,
): Promise<{readonly report: RunReport; readonly comparison: string}> {
  const labs = await chooseLabs(words, options);
  const {report, results} = await runLabs(labs, options);
  recordProofs(
    labs.flatMap((lab, index) => {
      const result = report.labs[index];
      return result === undefined ? [] : [{lab, result}];
    }),
    options.topologies,
  );
  return {
    report,
    comparison: labs.some(lab => lab.kind === 'comparison') ? comparisonTable(results) : '',
  };
}

/** What the field calls a method, by what real servers are forwarded with. */
const methodNames = {masq: 'NAT', droute: 'DR', tunnel: 'TUN', fullnat: 'full NAT'} as const;

function comparisonTable(results: readonly PlanResult[]): string {
  const runs = results.flatMap(({plan, run, verdict}) => {
    if (plan.kind !== 'lab' || plan.counter !== undefined) return [];
    if (run === undefined || verdict !== 'PASS') return [];
    const captures = readCaptures(openRunFolder(run));
    return [
      {
        method: methodNames[plan.lab.realServers[0]?.forward ?? 'masq'],
        topology: plan.topology,
        trace: traceRun(plan.topology, captures, traceOptions(plan.expectation)),
      },
    ];
  });
  return runs.length < 2 ? '' : `\n${compareMethods(runs)}\n`;
}
