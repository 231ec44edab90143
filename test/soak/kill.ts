// Kills lvslab, its watcher, its guest, its engine or its supervisor with kill -9 at random moments, and looks for what
// is left after the next command: node --import=tsx test/soak/kill.ts [KILLS [SEED [FOLDER]]]
// A FOLDER that an earlier call was given has the templates already.
// Not a test of `npm test`: it takes long. Ends with 1 when anything was left, or a template was broken.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {lvslab} from '../e2e/support/cli.ts';
import {
  attempt,
  environmentOf,
  leftAfterNextCommand,
  makeGround,
  wrongEnd,
  type Attempt,
} from './support/attempt.ts';
import {brokenTemplates, removeTemplate, shareCache, templatesOf, usedAt} from './support/cache.ts';
import {processesWith} from './support/processes.ts';
import {pick, randomFrom} from './support/random.ts';
import {kinds, type Kind} from './support/victims.ts';

const [times = '50', wish, given] = process.argv.slice(2);
const seed = Number(wish ?? Math.floor(Math.random() * 1e9));
const random = randomFrom(seed);
const base = given ?? mkdtempSync(join(tmpdir(), 'lvslab-soak-'));
const cache = join(base, 'cache');
shareCache(cache);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const labs = ['modes/dr', 'modes/nat', 'modes/tun', 'modes/fullnat'] as const;
const everything = ['run', 'modes', '--counters', '--jobs', '2'];

/**
 * Uses every template: all must pass, and none may prove broken. One of a topology is removed before, so that the base is
 * continued from as well. What is wrong, in words.
 */
async function useAll(): Promise<{problems: string[]; seconds: number}> {
  const ground = makeGround(join(base, 'all'), cache);
  const one = templatesOf(cache).find(name => name.startsWith('topo'));
  if (one !== undefined) removeTemplate(cache, one);
  const started = Date.now();
  const {exitCode, stdout, stderr} = await lvslab(everything, environmentOf(ground));
  const unused = templatesOf(cache).filter(
    name => name.startsWith('topo') && usedAt(cache, name) < started - 2000,
  );
  return {
    problems: [
      ...(exitCode === 0 ? [] : [`exit code ${exitCode}\n${stdout}${stderr}`]),
      ...(stderr.includes('anew') ? ['a template could not be restored'] : []),
      ...brokenTemplates(cache).map(name => `broken template ${name}`),
      ...unused.map(name => `template ${name} is of no use`),
    ],
    seconds: (Date.now() - started) / 1000,
  };
}

/** Seconds that a command takes when it is let alone: guesses, until one was. */
const lengths = new Map<string, number>();
const guess = (args: readonly string[], removed: string | undefined): number =>
  (args.includes('--counters') ? 18 : args.includes('modes') ? 25 : 9) +
  (removed === undefined ? 0 : removed.startsWith('base') ? 40 : 15);

function choose(): {kind: Kind; args: readonly string[]; removed: string | undefined} {
  const kind = pick(random, kinds);
  const [first, ...others] = templatesOf(cache);
  const missing = random() < 0.25 && first !== undefined;
  // The base is one of many templates, and its own building the longest: it is missing more often than by chance.
  const name =
    random() < 0.3
      ? templatesOf(cache).find(one => one.startsWith('base'))
      : pick(random, [first ?? '', ...others]);
  const removed = missing ? name : undefined;
  if (removed !== undefined) removeTemplate(cache, removed);
  if (kind === 'supervisor') return {kind, args: ['host', 'up'], removed};
  const counters = random() < 0.25 ? ['--counters'] : [];
  // Where the command lives on, its one lab is the one that was hit, and how it ends says how that was judged.
  const words = kind.startsWith('cli') && random() < 0.2 ? 'modes' : pick(random, labs);
  const jobs = ['--jobs', random() < 0.3 ? '2' : '1'];
  return {kind, args: ['run', words, ...counters, ...jobs], removed};
}

function outcome(kind: Kind, {exitCode, after}: Attempt): string {
  if (kind === 'cli' || kind === 'cli+watcher') return 'killed';
  if (exitCode === 0 && after.includes('anew')) return 'exit 0, its template built anew';
  return exitCode === 0 && kind !== 'supervisor' ? 'exit 0, all was collected' : `exit ${exitCode}`;
}

say(`seed ${seed}, folder ${base}`);
if (templatesOf(cache).length === 0) {
  const {seconds, problems} = await useAll();
  say(
    `all templates built and used in ${seconds.toFixed(0)} s: ${problems.join('; ') || 'all pass'}`,
  );
}

const counts = new Map<string, number>();
const count = (what: string, by = 1): Map<string, number> =>
  counts.set(what, (counts.get(what) ?? 0) + by);
for (let kills = 0, round = 1; kills < Number(times); round++) {
  const {kind, args, removed} = choose();
  const name = `${args.join(' ')}${removed === undefined ? '' : `, ${removed.split('-')[0]} template missing`}`;
  const length = lengths.get(name) ?? guess(args, removed);
  const folder = join(base, String(round));
  const ground = makeGround(folder, cache);
  const result = await attempt(args, {
    kind,
    ground,
    moment: random() * 1.1 * length * 1000,
    random,
  });
  const left = await leftAfterNextCommand(ground, kind);
  const wrong =
    result.struck === undefined || kind === 'qemu' || kind === 'engine'
      ? wrongEnd(result)
      : undefined;
  if (result.struck === undefined) lengths.set(name, result.seconds);
  else kills++;
  count(result.struck === undefined ? 'ended before its kill' : `killed ${kind}`);
  count('leftovers', left.length);
  count('broken templates', left.filter(line => line.startsWith('broken')).length);
  if (wrong !== undefined) count('wrong ends');
  const when =
    result.struck === undefined
      ? `ended after ${result.seconds.toFixed(1)} s: exit ${result.exitCode}`
      : `killed at ${result.struck.toFixed(1)} s: ${outcome(kind, result)}`;
  say(
    [
      `${round}`.padStart(3),
      kind.padEnd(11),
      name,
      `${when};`,
      left.length === 0 && wrong === undefined ? 'nothing left' : '',
    ].join('  '),
  );
  for (const line of [...left, ...(wrong === undefined ? [] : [wrong])]) say(`     LEFT  ${line}`);
  if (wrong !== undefined)
    say(`${result.before}\n--- killed ---\n${result.after}\n${result.stdout}`);
  for (const {pid} of processesWith('LVSLAB_RUNTIME', ground.runtime)) process.kill(pid, 'SIGKILL');
  if (left.length === 0 && wrong === undefined) rmSync(folder, {recursive: true});
}

const last = await useAll();
say(
  `all templates used in ${last.seconds.toFixed(0)} s: ${last.problems.join('; ') || 'all pass'}`,
);
for (const [what, number] of [...counts].toSorted(([a], [b]) => a.localeCompare(b)))
  say(`${String(number).padStart(4)}  ${what}`);
const bad =
  (counts.get('leftovers') ?? 0) +
  (counts.get('broken templates') ?? 0) +
  (counts.get('wrong ends') ?? 0) +
  last.problems.length;
if (bad === 0 && given === undefined) rmSync(base, {recursive: true});
process.exitCode = bad === 0 ? 0 : 1;
