// bootstrap.mjs start|test [ARGUMENT…]: from a fresh clone to the first verdict. Plain JavaScript without dependencies,
// as it installs them.
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {constants} from 'node:os';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {stalePackages} from './npm-packages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [task, ...rest] = process.argv.slice(2);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  stop(
    2,
    `lvslab needs Node 20.19 or newer, and this is ${process.versions.node}.`,
    'install it, then run this again',
  );
if (task !== 'start' && task !== 'test')
  stop(
    2,
    `bootstrap: unknown command\n  got    ${task ?? 'nothing'}\n  valid  start, test`,
    'npm start, or npm test',
  );

await installNpmPackages();
await must(node(...tsx(), file('src/setup/prepare.ts'), task));
if (task === 'start')
  process.exitCode = await run(
    node(file('src/cli/bin.mjs'), 'run', 'modes', '--counters', ...rest),
  );
else process.exitCode = await test();

/** Everything is checked even after a failure; whoever names test files wants only those. */
async function test() {
  if (rest.length > 0) return run(npm('run', '--silent', 'unit', '--', ...rest));
  const codes = [];
  for (const part of ['check', 'unit', 'e2e']) codes.push(await run(npm('run', '--silent', part)));
  return codes.find(code => code !== 0) ?? 0;
}

async function installNpmPackages() {
  const stale = stalePackages(root);
  if (stale?.length === 0) return;
  const why =
    stale === undefined
      ? 'there is no package-lock.json'
      : `${stale.length} are missing or of another version`;
  console.error(`set-up  install npm packages: ${why}`);
  // Not npm ci: it refuses a lock file that lacks optional packages of other platforms, as one from a mirror may, and it
  // empties node_modules under whatever runs from it. This takes the lock file's versions too, and does not write it.
  await must(npm('install', '--no-save', '--no-fund', '--no-audit'));
}

// By its address: where this is run from, tsx need not be found.
function tsx() {
  return ['--import', pathToFileURL(file('node_modules/tsx/dist/loader.mjs')).href];
}

function file(path) {
  return `${root}${path}`;
}

async function must(command) {
  const code = await run(command);
  if (code !== 0) process.exit(code);
}

/** Runs a command with our terminal; resolves to its exit code, 128 + N for signal N. */
function run(command) {
  const [program, ...words] = command;
  const child = spawn(program, words, {cwd: root, stdio: 'inherit'});
  // A terminal sends Ctrl-C to the child as well; twice would mean: stop without cleaning up.
  const forward = signal => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  return new Promise(resolve => {
    const done = code => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.on('error', error => {
      console.error(`cannot run ${program}: ${error.message}`);
      done(2);
    });
    child.on('exit', (code, signal) => done(code ?? 128 + constants.signals[signal]));
  });
}

// The npm that runs us, if one does.
function npm(...words) {
  const script = process.env.npm_execpath;
  return script !== undefined && /npm-cli\.c?js$/.test(script) && existsSync(script)
    ? node(script, ...words)
    : ['npm', ...words];
}

function node(...words) {
  return [process.execPath, ...words];
}

function stop(code, what, next) {
  console.error(`${what}\n  next   ${next}`);
  process.exit(code);
}
