import test from 'ava';
import {checkRise, checkShown} from '../../../src/verdict/exchange/texts.ts';
import {Rig} from '../../support/rig.ts';

const runWith = (texts: Readonly<Record<string, string>>) => {
  const rig = new Rig('nat');
  for (const [name, text] of Object.entries(texts)) rig.texts.set(`director ${name}`, text);
  return rig.folder();
};
const shows = {
  kind: 'shows',
  step: 2,
  node: 'director',
  what: 'ipvsadm -Ln',
  text: 'shown',
  lines: ['^TCP '],
  not: ['UDP'],
  proves: ['Y-sloppy-tcp'],
} as const;

const shown = test.macro((t, text: string, fields: readonly string[]) => {
  const {verdict, failures} = checkShown(runWith({shown: text}), shows);
  t.is(verdict, fields.length === 0 ? 'PASS' : 'FAIL');
  t.deepEqual(
    failures.map(({actual}) => actual),
    fields,
  );
});
test('a line that is there, and none that must not be', shown, 'x\nTCP a\n', []);
test('a line that is not there', shown, 'x\n TCP a\n', ['no line that fits']);
test('a line that must not be there', shown, 'TCP a\nUDP b\n', ['UDP b']);
test('a text that is not there shows nothing, not even that a line is missing in it', t => {
  const {verdict, failures} = checkShown(runWith({}), {...shows, lines: []});
  t.is(verdict, 'FAIL');
  t.is(failures[0]?.field, 'judged');
});

const counters = {
  kind: 'counters',
  step: 3,
  node: 'director',
  before: 'before',
  text: 'after',
  rose: {IpInReceives: 2},
  proves: [],
} as const;
const rises = test.macro((t, before: string, after: string, actual: string | undefined) => {
  const {failures} = checkRise(runWith({before, after}), counters);
  t.deepEqual(
    failures.map(failure => failure.actual),
    actual === undefined ? [] : [actual],
  );
});
const line = (count: number): string => `#kernel\nIpInReceives    ${count}    0.0\n`;
test('a counter that rose as it should', rises, line(5), line(7), undefined);
test('one that rose more', rises, line(5), line(8), '3 more');
test('one that is not there', rises, line(5), '#kernel\n', 'no such counter');
