// prepare.ts start|test: installs what the system lacks and builds the image, telling each step. Run by bootstrap.mjs.
import {obtainImage} from '../host/image/image.ts';
import type {Step} from '../host/image/types.ts';
import {BrokenLabError, InputError} from '../problem.ts';
import {ensurePackages, systemPackages} from './packages.ts';

const tell = ({step, why, size}: Step): void => {
  process.stderr.write(`set-up  ${step}${size === undefined ? '' : ` (${size})`}: ${why}\n`);
};

try {
  await ensurePackages(systemPackages[process.argv[2] === 'test' ? 'tests' : 'labs'], tell);
  await obtainImage({}, tell);
} catch (error) {
  if (!(error instanceof InputError || error instanceof BrokenLabError)) throw error;
  process.stderr.write(`ERROR  ${error.message}\n`);
  process.exitCode = error instanceof InputError ? 2 : 3;
}
