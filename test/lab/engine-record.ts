import {existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {engineRecords, noteEngine} from '../../src/lab/engine-record.ts';
import {formatOwner, isAlive, ownerOf} from '../../src/own/owner.ts';

const runtime = mkdtempSync(join(tmpdir(), 'lvslab-test-'));
process.env['LVSLAB_RUNTIME'] = runtime;
const engines = join(runtime, 'engines');
test.beforeEach(() => rmSync(engines, {recursive: true, force: true}));
test.after.always(() => rmSync(runtime, {recursive: true}));

test.serial('without a note there are none', t => {
  t.deepEqual(engineRecords(), []);
});

test.serial('a note says who uses which engine, and nothing else of the environment', t => {
  const forget = noteEngine({
    DOCKER_HOST: 'tcp://192.0.2.1:2376',
    DOCKER_TLS_VERIFY: '1',
    HOME: '/root',
    DOCKER_CERT_PATH: undefined,
  });
  const [record, ...more] = engineRecords();
  t.deepEqual(more, []);
  t.deepEqual(record?.env, {DOCKER_HOST: 'tcp://192.0.2.1:2376', DOCKER_TLS_VERIFY: '1'});
  t.deepEqual(record?.owner, ownerOf());
  t.is(statSync(record?.file ?? '').mode & 0o777, 0o600);
  forget();
  t.false(existsSync(record?.file ?? ''));
  t.deepEqual(engineRecords(), []);
  t.notThrows(forget);
});

test.serial('the note of a dead process is told as such, beside others', t => {
  noteEngine({});
  const owner = formatOwner({...ownerOf(), startTime: '1'});
  writeFileSync(join(engines, '1.json'), JSON.stringify({owner, env: {}}));
  t.deepEqual(
    engineRecords().map(record => isAlive(record.owner)),
    [false, true],
  );
});

test.serial('what is no note is passed over', t => {
  mkdirSync(join(engines, 'folder'), {recursive: true});
  const good = formatOwner(ownerOf());
  for (const [name, text] of [
    ['empty.json', ''],
    ['other.json', '{"owner": 1, "env": {}}'],
    ['nobody.json', '{"owner": "1234", "env": {}}'],
    ['more.json', JSON.stringify({owner: good, env: {}, more: 1})],
  ] as const)
    writeFileSync(join(engines, name), text);
  t.deepEqual(engineRecords(), []);
  t.true(existsSync(join(engines, 'nobody.json')));
});
