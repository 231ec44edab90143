import {cpSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import {newFolder} from '../support/folder.ts';

const setup = fileURLToPath(new URL('../../src/setup', import.meta.url));

/** A clone whose npm, prepare.ts and command line only note how they were called. */
function clone({fresh = true, prepare = '', bin = ''} = {}) {
  const folder = newFolder();
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), {recursive: true});
    writeFileSync(join(folder, path), text);
  };
  const note = (name: string, then = ''): string => `
    import {appendFileSync} from 'node:fs';
    appendFileSync(new URL('calls', 'file://${folder}/'), ['${name}', ...process.argv.slice(2)].join(' ') + '\\n');
    ${then}`;
  for (const file of ['bootstrap.mjs', 'npm-packages.mjs'])
    cpSync(join(setup, file), join(folder, 'src/setup', file));
  const lock = JSON.stringify({packages: {'node_modules/a': {version: '1.0.0'}}});
  put('package.json', '{"type": "module"}');
  put('package-lock.json', lock);
  put('node_modules/.package-lock.json', fresh ? lock : '{}');
  put('node_modules/tsx/dist/loader.mjs', '');
  // Plain JavaScript under a TypeScript name: the loader is a stub.
  put('src/setup/prepare.ts', '');
  put('npm-cli.js', note('npm'));
  put('src/cli/bin.mjs', note('lvslab', bin));
  put(
    'node_modules/tsx/dist/loader.mjs',
    `import {register} from 'node:module';
     register('data:text/javascript,' + encodeURIComponent(\`export const load = async (url, context, next) =>
       url.endsWith('prepare.ts')
         ? {format: 'module', shortCircuit: true, source: \${JSON.stringify(process.env.PREPARE)}}
         : next(url, context)\`));`,
  );
  return {
    folder,
    run: (...args: string[]) =>
      execa(process.execPath, [join(folder, 'src/setup/bootstrap.mjs'), ...args], {
        cwd: tmpdir(),
        reject: false,
        env: {npm_execpath: join(folder, 'npm-cli.js'), PREPARE: note('prepare', prepare)},
      }),
    calls: (): readonly string[] =>
      existsSync(join(folder, 'calls'))
        ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
        : [],
  };
}

test('start prepares and runs the labs of the modes, with further arguments', async t => {
  const {run, calls} = clone();
  const {exitCode} = await run('start', '--format', 'json');
  t.is(exitCode, 0);
  t.deepEqual(calls(), ['prepare start', 'lvslab run modes --counters --format json']);
});

test('npm packages are installed when they are not as the lock file says', async t => {
  const {run, calls} = clone({fresh: false});
  await run('start');
  t.is(calls()[0], 'npm install --no-save --no-fund --no-audit');
});

test('test prepares, checks and runs all tests', async t => {
  const {run, calls} = clone();
  await run('test');
  t.deepEqual(calls(), [
    'prepare test',
    ...['check', 'unit', 'e2e'].map(part => `npm run --silent ${part}`),
  ]);
});

test('test with files runs only them', async t => {
  const {run, calls} = clone();
  await run('test', 'test/a.ts');
  t.deepEqual(calls(), ['prepare test', 'npm run --silent unit -- test/a.ts']);
});

test('the exit code of the labs is passed on', async t => {
  const {run} = clone({bin: 'process.exit(4);'});
  t.is((await run('start')).exitCode, 4);
});

test('nothing is run when preparing failed', async t => {
  const {run, calls} = clone({prepare: 'process.exit(3);'});
  t.is((await run('start')).exitCode, 3);
  t.deepEqual(calls(), ['prepare start']);
});

test('an unknown task is a usage error', async t => {
  const {run, calls} = clone();
  const {exitCode, stderr} = await run('strat');
  t.is(exitCode, 2);
  t.regex(stderr, /got {4}strat\n {2}valid {2}start, test/);
  t.deepEqual(calls(), []);
});

test('an interrupt reaches the labs, and their exit code comes back', async t => {
  const {run, calls} = clone({
    bin: `process.on('SIGINT', () => process.exit(33)); setInterval(() => {}, 1000); process.stdout.write('up');`,
  });
  const running = run('start');
  running.stdout.once('data', () => running.kill('SIGINT'));
  const {exitCode} = await running;
  t.is(exitCode, 33);
  t.is(calls().length, 2);
});
