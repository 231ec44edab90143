import test from 'ava';
import {verify} from '../../src/lab/verify.ts';
import {version} from '../../src/own/version.ts';
import {goodRun} from '../support/good-run.ts';
import {saveRun} from './support/saved-run.ts';
import {temporary} from './support/temporary.ts';

test('a saved run is reported with its kernel, host and lab', async t => {
  const path = await saveRun(goodRun('nat'), temporary(t));
  const {report, printed} = verify(path, false);
  t.is(printed, '');
  t.is(report.lvslab, version);
  t.is(report.kernel, '6.1.0');
  t.is(report.host.accelerator, 'tcg');
  const [lab, ...more] = report.labs;
  t.deepEqual(more, []);
  t.is(lab?.name, 'modes/nat');
  t.is(lab?.title, 'a run of nat');
  t.is(lab?.verdict, 'PASS');
  t.is(lab?.run, path);
  t.true((lab?.claims.length ?? 0) > 0);
});

test("every connection's packets are printed when asked for", async t => {
  const path = await saveRun(goodRun('nat'), temporary(t));
  const {printed} = verify(path, true);
  for (const port of [40_000, 40_001, 40_002, 40_003])
    t.regex(printed, new RegExp(`\\b${port}\\b`));
  t.regex(printed, /CIP > VIP/);
});
