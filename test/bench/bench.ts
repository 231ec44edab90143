// `npm run bench`: measures everything, or the named parts, and writes docs/benchmarks.md after each; parts that are not run
// keep their section. Takes about twenty minutes: not a test of `npm test`.
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {availableParallelism, loadavg, totalmem} from 'node:os';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {format, resolveConfig} from 'prettier';
import {InputError} from '../../src/problem.ts';
import {ensurePackages, systemPackages} from '../../src/setup/packages.ts';
import {boot} from './boot.ts';
import {decode} from './decode.ts';
import {jobs} from './jobs.ts';
import {inSeconds, timed, type Measurement} from './measurement.ts';
import {memory} from './memory.ts';
import {mininet} from './mininet.ts';
import {mode} from './mode.ts';
import {nodes} from './nodes.ts';
import {pageWith, sectionOf, type Conditions} from './page.ts';
import {guestSpec} from './support/guest.ts';

const parts: readonly Measurement[] = [boot, mode, jobs, memory, mininet, nodes, decode];
const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

const names = parts.map(({name}) => name);
const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !names.includes(name));
if (unknown.length > 0)
  throw new InputError({
    what: 'there is no such part of the benchmark',
    value: unknown.join(', '),
    valid: names,
    next: 'npm run bench measures all of them',
  });

await ensurePackages(systemPackages.bench, ({step, why}) => {
  process.stderr.write(`set-up  ${step}: ${why}\n`);
});
const [load = NaN] = loadavg();
const {accelerator} = await guestSpec();
const conditions: Conditions = {
  day: new Date().toISOString().slice(0, 10),
  commit: (await execa('git', ['describe', '--always', '--dirty=+'], {cwd: import.meta.dirname}))
    .stdout,
  machine: `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory, lab hosts under ${accelerator.toUpperCase()}`,
  load,
};

for (const part of parts.filter(({name}) => wanted.length === 0 || wanted.includes(name))) {
  const say = (line: string): void => void process.stderr.write(`${part.name}: ${line}\n`);
  try {
    const [seconds, outcome] = await timed(() => part.run(say));
    const section = sectionOf(part, outcome, conditions);
    process.stdout.write(`${section}\n\n`);
    await write(new Map([[part.name, section]]));
    say(`done in ${inSeconds(seconds)}`);
  } catch (error) {
    // The other parts are worth having, and this one keeps its last figures.
    say(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
  }
}

async function write(sections: ReadonlyMap<string, string>): Promise<void> {
  const old = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const options = await resolveConfig(page);
  writeFileSync(page, await format(pageWith(old, parts, sections), {...options, filepath: page}));
}
