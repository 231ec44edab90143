import {defaultKernel} from '../../../src/host/image/kernel-table.ts';
import {labFiles, loadLab} from '../../../src/lab/load.ts';
import {planLab} from '../../../src/lab/plan.ts';
import {runPlan} from '../../../src/lab/run.ts';
import {openSession} from '../../../src/lab/session.ts';

type Run = (hear: (step: string) => void) => Promise<void>;

/** Gives `work` a function that runs modes/dr on forks of its template and throws unless it passes. */
export async function withLab<T>(
  say: (line: string) => void,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const lab = await loadLab('modes/dr', labFiles());
  if (lab.kind !== 'lab') throw new Error('modes/dr is no lab');
  const plan = planLab(lab);
  const host = {host: 'guest', kernel: defaultKernel} as const;
  const session = await openSession({...host, env: process.env, progress: say});
  try {
    return await work(async hear => {
      const {verdict, error} = await runPlan(plan, session, hear);
      if (verdict !== 'PASS') throw new Error(`modes/dr: ${verdict} ${error ?? ''}`);
    });
  } finally {
    await session.close();
  }
}
