import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {claimRun, releaseRun, runsFolder, sweepRuns} from '../../src/lab/runs.ts';
import {ownerOf, formatOwner} from '../../src/own/owner.ts';

test.beforeEach(() => {
  process.env['LVSLAB_STATE'] = mkdtempSync(join(tmpdir(), 'lvslab-runs-'));
});
test.afterEach.always(() => {
  rmSync(process.env['LVSLAB_STATE'] ?? '', {recursive: true, force: true});
});

function makeRun(name: string): string {
  const run = join(runsFolder(), name);
  mkdirSync(run, {recursive: true});
  return run;
}

const dead = formatOwner({...ownerOf(), startTime: '1'});

test.serial('an unfinished run of a dead process is removed, that of a live one stays', t => {
  const left = makeRun('20261123-040000-modes-dr-aaaaaa');
  writeFileSync(join(left, 'owner'), dead);
  const live = makeRun('20261123-040001-modes-dr-bbbbbb');
  claimRun(live);
  t.deepEqual(sweepRuns(), [left]);
  t.false(existsSync(left));
  t.true(existsSync(live));
});

test.serial('a run that has ended stays, broken or whole', t => {
  const run = makeRun('20261123-040000-modes-dr-aaaaaa');
  claimRun(run);
  releaseRun(run);
  t.deepEqual(sweepRuns(), []);
  t.true(existsSync(run));
});

test.serial('beyond 500 runs the oldest go, and nothing that is no run', t => {
  const other = makeRun('notes');
  const runs = Array.from({length: 502}, (_, i) =>
    makeRun(`20261123-${String(100_000 + i)}-modes-dr-aaaaaa`),
  );
  sweepRuns();
  t.deepEqual(
    runs.map(run => existsSync(run)),
    runs.map((_, i) => i >= 2),
  );
  t.true(existsSync(other));
});
