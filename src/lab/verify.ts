import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {version} from '../own/version.ts';
import {printFlow} from '../report/path.ts';
import type {RunReport} from '../report/types.ts';
import {traceRun} from '../trace/run.ts';
import {traceOptions} from '../verdict/trace-options.ts';
import {judgeFolder, readCaptures} from './judge.ts';
import {runsFolder} from './runs.ts';

/**
 * Judges a saved run again: a run folder, or the name of one among this machine's runs. `printed` is every packet's path
 * when `paths` is asked for, '' otherwise. Throws InputError for a folder that is none or is damaged.
 */
export function verify(
  word: string,
  paths: boolean,
): {readonly report: RunReport; readonly printed: string} {
  const named = join(runsFolder(), word);
  const path = !existsSync(word) && existsSync(named) ? named : word;
  const {run, lab, judgement} = judgeFolder(path);
  const {record, topology} = run;
  const {flows} = paths
    ? traceRun(topology, readCaptures(run), traceOptions(lab.expectation))
    : {flows: []};
  return {
    report: {
      lvslab: version,
      kernel: record.kernel,
      host: record.host,
      labs: [
        {
          name: record.lab,
          title: lab.title,
          verdict: judgement.verdict,
          claims: judgement.claims,
          judgement,
          counters: [],
          seconds: 0,
          run: path,
        },
      ],
    },
    printed: flows.map(flow => `\n${printFlow(topology, flow)}\n`).join(''),
  };
}
