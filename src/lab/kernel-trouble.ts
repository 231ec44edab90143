import type {LabHost} from '../host/types.ts';
import {BrokenLabError} from '../problem.ts';

/** A lab broke because its kernel did: the kernel's failure, which FAILs the lab. */
export class KernelTroubleError extends BrokenLabError {}

/** The error of a lab that broke, or, when the kernel's log tells of an oops, a panic or the like, that. */
export async function blameKernel(
  thrown: unknown,
  {kernel, kernelTrouble}: Pick<LabHost, 'kernel' | 'kernelTrouble'>,
): Promise<unknown> {
  if (!(thrown instanceof BrokenLabError)) return thrown;
  const lines = await kernelTrouble().catch(() => []);
  if (lines.length === 0) return thrown;
  return new KernelTroubleError(
    {
      what: `the kernel failed while the lab ran:\n${lines.map(line => `  | ${line}`).join('\n')}`,
      where: `kernel ${kernel.release}`,
    },
    thrown,
  );
}
