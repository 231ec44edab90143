import test from 'ava';
import {countAtDirector} from '../support/counters.ts';
import {goodRun as uncounted} from '../support/good-run.ts';
import {modes, serverPort, type Mode} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

function goodRun(mode: Mode, family: 'v4' | 'v6' = 'v4'): Rig {
  const rig = uncounted(mode, family);
  countAtDirector(rig, serverPort(mode));
  return rig;
}

const agreementOf = (rig: Rig) => rig.judge().checks.find(({id}) => id === 'agreement');

test('in every mode IPVS counts what the packets show', t => {
  for (const mode of modes)
    for (const family of ['v4', 'v6'] as const) {
      if (family === 'v6' && mode !== 'nat' && mode !== 'dr') continue;
      const check = agreementOf(goodRun(mode, family));
      t.is(check?.verdict, 'PASS', `${mode} ${family} ${JSON.stringify(check?.failures)}`);
    }
});

/** Changes a number of a line of what the director says. */
const counted =
  (name: string, line: RegExp, column: number, change: (word: string) => string) =>
  (rig: Rig): void => {
    const key = `director ${name}`;
    const text = rig.texts.get(key) ?? '';
    const lines = text.split('\n').map(one => {
      if (!line.test(one)) return one;
      const words = one.trim().split(/\s+/);
      return words.map((word, i) => (i === column ? change(word) : word)).join(' ');
    });
    rig.texts.set(key, lines.join('\n'));
  };
const more = (word: string): string => String(Number(word) + 1);

const disagrees = test.macro<[Mode, (rig: Rig) => void, string, RegExp]>({
  exec(t, mode, spoil, field, place) {
    const rig = goodRun(mode);
    const before = [...rig.texts.values()].join('');
    spoil(rig);
    t.not([...rig.texts.values()].join(''), before);
    const check = agreementOf(rig);
    t.is(check?.verdict, 'FAIL');
    t.true(
      check?.failures.some(one => one.field === field && place.test(one.place)),
      JSON.stringify(check?.failures),
    );
  },
  title: (name, mode) => `${mode}: ${name}`,
});

const stats = 'ipvsadm-stats';
const cpu = 'ip-vs-stats-percpu';
const fields = ['connections', 'packetsIn', 'packetsOut', 'bytesIn', 'bytesOut'];
for (const mode of ['nat', 'dr', 'ipip', 'fullnat'] as const)
  for (const [i, field] of fields.entries()) {
    test(
      `a real server's ${field} too many`,
      disagrees,
      mode,
      counted(stats, /-> \d/, i + 2, more),
      `ipvs.${field}`,
      /stats, /,
    );
    test(
      `the service's ${field} too many`,
      disagrees,
      mode,
      counted(stats, /^TCP/, i + 2, more),
      `ipvs.${field}`,
      /stats$/,
    );
    test(
      `a processor's ${field} too many`,
      disagrees,
      mode,
      counted(cpu, /^ +1 /, i + 1, word =>
        (Number.parseInt(word, 16) + 1).toString(16).toUpperCase(),
      ),
      `ipvs.${field}`,
      /percpu/,
    );
  }
test(
  'counters of before the traffic',
  disagrees,
  'dr',
  rig =>
    rig.texts.set(
      `director ${stats}`,
      (rig.texts.get(`director ${stats}`) ?? '').replaceAll(
        /(?<=:80)( +\d+)+$/gm,
        '  0  0  0  0  0',
      ),
    ),
  'ipvs.packetsIn',
  /stats/,
);
test(
  'no counters of processors',
  disagrees,
  'dr',
  rig => rig.texts.set(`director ${cpu}`, ''),
  'counters',
  /percpu/,
);
test(
  'no counters of services',
  disagrees,
  'dr',
  rig => rig.texts.set(`director ${stats}`, 'TCP  198.51.100.80:80 12K'),
  'counters',
  /stats/,
);

test('a packet that all captures missed was counted', t => {
  const rig = goodRun('dr');
  const nth = rig.find('client eth0', '[.]');
  const id = rig.bytesAt('client eth0', nth).readUInt16BE(18);
  for (const place of ['client eth0', 'router eth0', 'router eth1', 'director eth0', 'rs1 eth0'])
    for (const {number} of (rig.frames.get(place) ?? [])
      .filter(
        ({bytes}) =>
          Buffer.from(bytes).readUInt16BE(18) === id &&
          Buffer.from(bytes).readUInt16BE(34) === 40_000,
      )
      .toReversed())
      rig.remove(place, number);
  t.is(agreementOf(rig)?.failures[0]?.field, 'ipvs.packetsIn');
});
