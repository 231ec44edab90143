import {addCapture} from './capture.ts';
import {addClaims} from './claims.ts';
import {addDeploy} from './deploy.ts';
import {addDestroy} from './destroy.ts';
import {addDoctor} from './doctor.ts';
import {addExec} from './exec.ts';
import {addDiff} from './diff.ts';
import {bisectCode, reportError} from './exit.ts';
import {addHost} from './host.ts';
import {addInspect} from './inspect.ts';
import {addKernels} from './kernels.ts';
import {addLabs} from './labs.ts';
import {addMatrix} from './matrix.ts';
import {addRun} from './run.ts';
import {addShell} from './shell.ts';
import {addSweep} from './sweep.ts';
import {addValidate} from './validate.ts';
import {CommandLine} from './usage.ts';
import {addVerify} from './verify.ts';
import {InputError} from '../problem.ts';
import {version} from '../own/version.ts';

/** The whole command line: parses it, runs the command and sets the exit code. Command files load what they need. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new CommandLine('lvslab')
    .description('A packet-level testbed for Linux Virtual Server (the kernel IPVS)')
    .version(version)
    .addHelpText(
      'after',
      [
        '',
        'Exit codes: 0 pass, 1 fail, 2 usage or bad input, 3 inconclusive or error, 4 skipped.',
        'Each option can be set by a variable too: --format by LVSLAB_FORMAT, and so on.',
      ].join('\n'),
    )
    .exitOverride()
    .hook('preAction', async (_, command) => {
      if (command.name() === 'sweep') return;
      const {sweepAll} = await import('../lab/sweep.ts');
      try {
        for (const line of await sweepAll()) process.stderr.write(`removed ${line}\n`);
      } catch (error) {
        // Without a runtime folder a run can be judged and labs listed; a command that needs it says what is wrong.
        if (!(error instanceof InputError)) throw error;
      }
    });
  const adds = [
    addRun,
    addMatrix,
    addDiff,
    addVerify,
    addLabs,
    addClaims,
    addValidate,
    addDeploy,
    addDestroy,
    addInspect,
    addExec,
    addShell,
    addCapture,
    addHost,
    addKernels,
    addDoctor,
    addSweep,
  ];
  for (const add of adds) add(program);
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Whoever read has read enough (lvslab labs | head): the exit code stays the command's.
      if (error.code !== 'EPIPE') throw error;
    });
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = reportError(error);
  }
  // Whatever happened: git bisect takes every other code below 128 for a bad commit.
  if (argv.includes('--bisect') || program.commands.some(one => one.opts()['bisect'] === true))
    process.exitCode = bisectCode(Number(process.exitCode ?? 0));
}
