import test from 'ava';
import type {Family} from '../../src/topology/types.ts';
import type {Cause} from '../../src/verdict/causes.ts';
import {goodRun} from '../support/good-run.ts';
import {legsOf, type Mode} from '../support/legs.ts';
import {Rig} from '../support/rig.ts';

const mixed = (mode: Mode, family: Family): Rig =>
  goodRun(mode, family, 'tcp', 4, family === 'v4' ? 'v6' : 'v4');

const passes = test.macro({
  exec(t, mode: Mode, family: Family) {
    const judgement = mixed(mode, family).judge();
    t.is(judgement.verdict, 'PASS', JSON.stringify(judgement, undefined, 1));
  },
  title: (_, mode, family) => `IP${family} in ${mode} over the other family passes`,
});
for (const mode of ['ipip', 'gre', 'gue'] as const) {
  test(passes, mode, 'v4');
  test(passes, mode, 'v6');
}

test('an outer header of the family of the service fails', t => {
  const rig = mixed('ipip', 'v4');
  const {realServers} = rig.expectation;
  rig.expectation = {
    ...rig.expectation,
    realServers: realServers.map(({node, port}) => ({node, port})),
  };
  const {verdict, checks} = rig.judge();
  t.is(verdict, 'FAIL');
  const fields = checks.flatMap(({failures}) => failures.map(({field}) => field));
  t.true(fields.includes('outer.ip.src'));
});

/** A SYN that comes wrapped to rs1, which does not answer, and what `ip -d addr` says there. */
const unanswered = test.macro<[family: Family, shown: string, cause: Cause | undefined]>({
  exec(t, family, shown, cause) {
    const rig = new Rig(
      'ipip',
      family,
      'tcp',
      'remote-real-servers',
      family === 'v4' ? 'v6' : 'v4',
    );
    for (const leg of legsOf(rig.route('rs1', 40_000), 'request'))
      rig.cross(leg, {id: 1, protocol: 'tcp', flags: 'S', sequence: 1});
    rig.append('rs1', 'ip-addr', shown);
    const found = rig.judge().diagnoses.map(diagnosis => diagnosis.cause);
    const devices = new Set<Cause>(['tunnel-mode', 'tunnel-device-down']);
    t.deepEqual(
      found.filter(one => devices.has(one)),
      cause === undefined ? [] : [cause],
    );
  },
  title: (_, family, shown, cause) =>
    `IP${family}, ${shown.replaceAll('\n', ' ')}: ${cause ?? 'fine'}`,
});
const ip6tnl0 = (flags: string, mode: string): string =>
  `5: ip6tnl0@NONE: <NOARP${flags},LOWER_UP> mtu 1452\n    link/tunnel6 :: brd :: promiscuity 0\n    ip6tnl ${mode} remote any local any hoplimit inherit\n`;
test(unanswered, 'v4', ip6tnl0(',UP', 'ip6ip6'), 'tunnel-mode');
test(unanswered, 'v4', ip6tnl0(',UP', 'any'), undefined);
test(unanswered, 'v4', ip6tnl0(',UP', 'ipip6'), undefined);
test(unanswered, 'v4', ip6tnl0('', 'ip6ip6'), 'tunnel-device-down');
test(unanswered, 'v4', '5: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480\n', 'tunnel-device-down');
test(unanswered, 'v6', '5: sit0@NONE: <NOARP,UP,LOWER_UP> mtu 1480\n', undefined);
test(unanswered, 'v6', '5: sit0@NONE: <NOARP> mtu 1480\n', 'tunnel-device-down');
test(unanswered, 'v6', '5: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480\n', 'tunnel-device-down');
