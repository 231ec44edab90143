import {basename} from 'node:path';
import type {Check} from '../verdict/types.ts';
import {wordCheck, wordDiagnosis} from './failure.ts';
import {escapeControls, paint} from './style.ts';
import {plainTable} from './table.ts';
import type {LabResult, RunReport} from './types.ts';

/** A report for people: kernel and host, a table of labs with their counter-labs, then all that did not pass. */
export function textReport(report: RunReport, colored = false): string {
  const {lvslab, kernel, host, labs} = report;
  const head = `lvslab ${lvslab}   kernel ${kernel}   host ${host.kind} (${host.accelerator})`;
  const [heading, ...rows] = plainTable(
    ['verdict', 'lab', 'claims', 'frames', 'lost', 'seconds', 'run'],
    labs.map(lab => labRow(lab, colored)),
  ).split('\n');
  // Counter-labs are sentences, which columns would only stretch: they stand below their lab's row.
  const table = [
    heading,
    ...rows.flatMap((row, i) => [row, ...wordOutages(labs[i]), ...wordCounters(labs[i])]),
  ].join('\n');
  const details = labs.flatMap(lab => wordLab(lab, colored));
  return `${[escapeControls(head), table, ...details].join('\n\n')}\n`;
}

const labRow = (lab: LabResult, colored: boolean): string[] => [
  paint(lab.verdict, colored),
  lab.name,
  wordClaims(lab),
  String(lab.judgement?.captures.frames ?? '-'),
  String(lab.judgement?.captures.dropped ?? '-'),
  lab.seconds.toFixed(1),
  lab.run === undefined ? '-' : basename(lab.run),
];

/** The claims, each that did not pass with its verdict. */
function wordClaims({claims}: LabResult): string {
  const words = claims.map(({id, verdict}) => (verdict === 'PASS' ? id : `${id} ${verdict}`));
  return words.join(', ') || '-';
}

/** How long failovers took, by the times of frames. */
const wordOutages = (lab: LabResult | undefined): string[] =>
  (lab?.judgement?.measured.outages ?? []).map(({router, from, to, takeoverMs, gapMs, lost}) => {
    const gap =
      gapMs === undefined ? 'nothing forwarded since' : `forwards again after ${gapMs} ms`;
    return `  outage       virtual router ${router}, ${from} > ${to}: announced after ${takeoverMs} ms, ${gap}, ${lost} packets lost`;
  });

/** A counter-lab must fail: that it did so is good news and says so. */
const wordCounters = (lab: LabResult | undefined): string[] =>
  (lab?.counters ?? []).map(({claim, when, verdict, asExpected, reason}) => {
    const news = asExpected ? 'as expected' : 'NOT AS EXPECTED';
    return `  ${news}  ${claim}  ${verdict} when ${escapeControls(when)}: ${escapeControls(reason)}`;
  });

function wordLab(lab: LabResult, colored: boolean): string[] {
  const short = lab.name.split('/').at(-1) ?? lab.name;
  const {judgement, verdict, error} = lab;
  const word = paint(verdict, colored);
  const message = error === undefined ? [] : [`${word}  ${short}  ${indented(error)}`];
  if (judgement === undefined) return message;
  const failed = judgement.checks.filter(check => check.verdict === 'FAIL');
  return [
    ...message,
    ...(judgement.reasons.length === 0
      ? []
      : [[`${word}  ${short}`, ...some(judgement.reasons)].join('\n      ')]),
    ...failed.map((check: Check, i) =>
      wordCheck(check, short, i === 0 ? judgement.diagnoses : [], paint('FAIL', colored)),
    ),
    ...judgement.diagnoses
      .slice(failed.length > 0 ? 1 : 0)
      .map(one => `      also      ${wordDiagnosis(one)}`),
  ];
}

const shown = 10;

const some = (reasons: readonly string[]): string[] => [
  ...reasons.slice(0, shown).map(escapeControls),
  ...(reasons.length > shown ? [`and ${reasons.length - shown} more`] : []),
];

const indented = (text: string): string => text.split('\n').map(escapeControls).join('\n      ');
