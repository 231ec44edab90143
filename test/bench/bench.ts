// `npm run bench`: measures everything, or the named parts, and writes docs/benchmarks.md; parts that are not run keep
// their section. Takes about ten minutes: not a test of `npm test`.
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {availableParallelism, loadavg, totalmem} from 'node:os';
import {fileURLToPath} from 'node:url';
import {InputError} from '../../src/problem.ts';
import {boot} from './boot.ts';
import {decode} from './decode.ts';
import {jobs} from './jobs.ts';
import type {Measurement, Outcome} from './measurement.ts';
import {memory} from './memory.ts';
import {mode} from './mode.ts';
import {nodes} from './nodes.ts';
import {guestSpec} from './support/guest.ts';

const parts: readonly Measurement[] = [boot, mode, jobs, memory, nodes, decode];
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

const {accelerator} = await guestSpec();
const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory, lab hosts under ${accelerator.toUpperCase()}`;

for (const part of parts.filter(({name}) => wanted.length === 0 || wanted.includes(name))) {
  const [load = NaN] = loadavg();
  const outcome = await part.run(line => void process.stderr.write(`${part.name}: ${line}\n`));
  const section = sectionOf(part, outcome, load);
  process.stdout.write(`${section}\n`);
  write(part, section);
}

function sectionOf({title}: Measurement, {rows, notes}: Outcome, load: number): string {
  const cells = rows.map(({what, ours, against, ratio, target, met}) => [
    what,
    ours,
    against,
    ratio,
    met === undefined ? target : `${target}: ${met ? 'met' : '**missed**'}`,
  ]);
  const busy = `The machine's load average when this part began: ${load.toFixed(1)}.`;
  const lines = [
    ['measured', 'lvslab', 'compared with', 'ratio', 'target'],
    ['---', '---', '---', '---', '---'],
    ...cells,
  ].map(line => `| ${line.join(' | ')} |`);
  return [`## ${title}`, lines.join('\n'), ...notes, busy].join('\n\n');
}

/** Puts the section into the page, in the order of the parts. */
function write(part: Measurement, section: string): void {
  const present = existsSync(page) ? readFileSync(page, 'utf8').split(/^(?=## )/m) : [];
  const sections = parts.flatMap(({name, title}) => {
    const old = present.find(text => text.startsWith(`## ${title}\n`));
    const text = name === part.name ? section : old?.trimEnd();
    return text === undefined ? [] : [text];
  });
  const head = `# Benchmarks\n\n\`npm run bench\` measures and writes this page; \`npm run bench -- restore mode\` only some parts (${names.map(name => `\`${name}\``).join(', ')}).\nA ratio is lvslab's figure to the other: below 1 lvslab is quicker.\n\nThe machine: ${machine}.`;
  writeFileSync(page, `${[head, ...sections].join('\n\n')}\n`);
}
