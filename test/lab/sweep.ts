import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {noteEngine} from '../../src/lab/engine-record.ts';
import {sweepAll} from '../../src/lab/sweep.ts';
import {formatOwner, ownerOf} from '../../src/own/owner.ts';
import {fakeEngine} from '../nodes/support/fake-engine.ts';

const runtime = mkdtempSync(join(tmpdir(), 'lvslab-test-'));
process.env['LVSLAB_RUNTIME'] = runtime;
process.env['LVSLAB_CACHE'] = runtime;
test.after.always(() => rmSync(runtime, {recursive: true}));

const alive = formatOwner(ownerOf());
const dead = formatOwner({...ownerOf(), startTime: '1'});

/** The note of a process that used an engine. */
function note(owner: string, host: string): string {
  const file = join(runtime, 'engines', 'note.json');
  mkdirSync(join(runtime, 'engines'), {recursive: true});
  writeFileSync(file, JSON.stringify({owner, env: {DOCKER_HOST: host}}));
  return file;
}

const container = (name: string, labels: Readonly<Record<string, string>>): object => ({
  Id: name,
  Names: [`/${name}`],
  Labels: {'lvslab.run': 'r', ...labels},
});

/** An engine with a container of a dead owner, one of a live one, one to stay, and one that says nobody made it. */
async function engine() {
  const fake = await fakeEngine();
  fake.answers.set('GET /containers/json', {
    status: 200,
    body: [
      container('orphan', {'lvslab.owner': dead}),
      container('living', {'lvslab.owner': alive}),
      container('kept', {'lvslab.owner': dead, 'lvslab.keep': ''}),
      container('foreign', {}),
    ],
  });
  fake.answers.set('GET /networks', {status: 200, body: []});
  fake.answers.set('DELETE /containers/orphan', {status: 200, body: {}});
  const {port} = z.object({port: z.number()}).parse(fake.engine.modem);
  const removed = (): readonly string[] =>
    fake.requests
      .map(({line}) => line.replace(/\?.*/, ''))
      .filter(line => line.startsWith('DELETE'));
  return {fake, url: `tcp://127.0.0.1:${port}`, removed};
}

test.serial("a dead run's engine is swept of what dead owners left, and its note goes", async t => {
  const {fake, url, removed} = await engine();
  t.teardown(() => fake.close());
  const file = note(dead, url);
  t.deepEqual(await sweepAll(), ['container orphan']);
  t.deepEqual(removed(), ['DELETE /containers/orphan']);
  t.false(existsSync(file));
});

test.serial("a live run's engine is not even asked", async t => {
  const {fake, url} = await engine();
  t.teardown(() => fake.close());
  const forget = noteEngine({DOCKER_HOST: url});
  t.teardown(forget);
  t.deepEqual(await sweepAll(), []);
  t.deepEqual(fake.requests, []);
});

test.serial('an engine that does not answer now is asked again next time', async t => {
  const file = note(dead, 'tcp://127.0.0.1:1');
  t.deepEqual(await sweepAll(), []);
  t.true(existsSync(file));
});

test.serial('an engine whose socket is gone is gone for good, and its note too', async t => {
  const file = note(dead, `unix://${runtime}/none.sock`);
  t.deepEqual(await sweepAll(), []);
  t.false(existsSync(file));
});

test.serial('a note of an address that is none hinders nobody', async t => {
  const file = note(dead, 'nonsense:/:');
  t.deepEqual(await sweepAll(), []);
  t.true(existsSync(file));
});
