import type {Command} from 'commander';
import type {LabHost} from '../host/types.ts';
import {hostOption, kernelOption} from './options.ts';

/** What every command on a lab host that stays takes. */
export interface StandingChoice {
  readonly host: 'guest' | 'engine';
  readonly kernel: string;
}

/** Adds `--host` and `--kernel`. */
export const addStandingOptions = (command: Command): Command =>
  command.addOption(hostOption()).addOption(kernelOption());

/** Does `work` on the lab host that is up, and closes the connection to it. Throws InputError when none is up. */
export async function onStandingHost<T>(
  choice: StandingChoice,
  work: (host: LabHost) => Promise<T>,
): Promise<T> {
  const {standingHost} = await import('../lab/standing.ts');
  const host = await standingHost({...choice, start: false, progress: () => undefined});
  try {
    return await work(host);
  } finally {
    await host.close();
  }
}
