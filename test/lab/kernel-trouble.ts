import test from 'ava';
import {blameKernel, KernelTroubleError} from '../../src/lab/kernel-trouble.ts';
import {BrokenLabError} from '../../src/problem.ts';

const kernel = {release: '7.3.0-rc1', has: [], sysctls: []};
const lost = new BrokenLabError({what: 'the guest went away'});

test('a lab that broke with a panic in the kernel log is blamed on the kernel, with its lines', async t => {
  const lines = ['BUG: kernel NULL pointer dereference', 'Kernel panic - not syncing'];
  const error = await blameKernel(lost, {kernel, kernelTrouble: async () => lines});
  if (!(error instanceof KernelTroubleError)) return t.fail(String(error));
  t.is(
    error.message,
    'kernel 7.3.0-rc1: the kernel failed while the lab ran:\n  | BUG: kernel NULL pointer dereference\n  | Kernel panic - not syncing',
  );
  t.is(error.cause, lost);
});

test('a lab that broke on a sound kernel, or on one whose log cannot be read, just broke', async t => {
  t.is(await blameKernel(lost, {kernel, kernelTrouble: async () => []}), lost);
  const unreadable = async (): Promise<never> => {
    throw lost;
  };
  t.is(await blameKernel(lost, {kernel, kernelTrouble: unreadable}), lost);
});

test('a bug of lvslab itself is nobody else’s', async t => {
  const bug = new TypeError('x is not a function');
  t.is(await blameKernel(bug, {kernel, kernelTrouble: async () => ['Oops']}), bug);
});
