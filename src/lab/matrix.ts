import {obtainImage} from '../host/image/image.ts';
import {checkKernel} from '../host/image/kernel.ts';
import {version} from '../own/version.ts';
import {BrokenLabError, InputError} from '../problem.ts';
import type {LabResult, MatrixKernel, MatrixReport} from '../report/types.ts';
import {chooseLabs, runLabs, type RunOptions} from './command.ts';
import type {PlanResult} from './run.ts';
import type {LabFile} from './types.ts';

export type MatrixOptions = Omit<RunOptions, 'kernel' | 'host'> & {
  readonly kernels: readonly string[];
};

/** A column of the matrix, with what each plan gave. */
export interface KernelRun extends MatrixKernel {
  readonly results: readonly PlanResult[];
}

/**
 * Runs labs on several kernels, one kernel after the other. All kernels are there before the first lab is run. A kernel that
 * cannot be had or does not boot makes its labs ERROR, and the others go on. Throws InputError for an unknown kernel.
 */
export async function runMatrix(
  words: readonly string[],
  options: MatrixOptions,
): Promise<MatrixReport & {readonly kernels: readonly KernelRun[]}> {
  const {kernels} = options;
  if (kernels.length === 0)
    throw new InputError({
      what: 'which kernels?',
      where: '--kernel',
      valid: ['--kernel 5.10,6.1,7.3', '--kernel 6.1 --kernel ./linux'],
      next: 'lvslab kernels list shows those that there are',
    });
  for (const kernel of kernels) checkKernel(kernel, options.modules);
  const labs = await chooseLabs(words, options);
  const troubles = new Map<string, BrokenLabError>();
  for (const kernel of kernels)
    await attempt(kernel, troubles, async () => {
      await obtainImage({kernel, modules: options.modules}, tell);
    });
  const columns: KernelRun[] = [];
  for (const wanted of kernels) {
    tell({step: `kernel ${wanted}`});
    const run = troubles.has(wanted)
      ? undefined
      : await attempt(wanted, troubles, () =>
          runLabs(labs, {...options, kernel: wanted, host: 'guest'}),
        );
    columns.push(
      run === undefined
        ? {wanted, report: undefined, labs: broken(labs, troubles.get(wanted)), results: []}
        : {wanted, report: run.report, labs: run.report.labs, results: run.results},
    );
  }
  return {lvslab: version, kernels: columns};
}

const tell = ({step}: {readonly step: string}): void => void process.stderr.write(`${step}\n`);

async function attempt<T>(
  kernel: string,
  troubles: Map<string, BrokenLabError>,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BrokenLabError)) throw error;
    troubles.set(kernel, error);
    return undefined;
  }
}

const broken = (
  labs: readonly LabFile[],
  error: BrokenLabError | undefined,
): readonly LabResult[] =>
  labs.map(({name, title, claims}) => ({
    name,
    title,
    verdict: 'ERROR',
    claims: claims.map(id => ({id, verdict: 'ERROR'})),
    error: error?.message ?? 'it did not run',
    counters: [],
    seconds: 0,
  }));
