import test from 'ava';
import {modes, type Mode} from '../support/legs.ts';
import {goodRun} from '../support/good-run.ts';
import type {Family} from '../../src/topology/types.ts';

const passes = test.macro({
  exec(t, mode: Mode, family: Family, protocol: 'tcp' | 'udp') {
    const rig = goodRun(mode, family, protocol);
    const judgement = rig.judge();
    t.deepEqual(judgement.reasons, []);
    t.deepEqual(
      judgement.checks.filter(check => check.verdict !== 'PASS'),
      [],
    );
    t.is(judgement.verdict, 'PASS');
    t.true(judgement.claims.length > 0);
    t.true(judgement.claims.every(claim => claim.verdict === 'PASS'));
    t.true(judgement.checks.every(check => check.judged > 0));
    t.deepEqual(judgement.diagnoses, []);
  },
  title: (_, mode, family, protocol) =>
    `a good run of ${mode} with IP${family} and ${protocol} passes`,
});

for (const mode of modes)
  for (const family of ['v4', 'v6'] as const)
    for (const protocol of ['tcp', 'udp'] as const) test(passes, mode, family, protocol);
