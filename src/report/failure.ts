import type {Check, Diagnosis, Failure} from '../verdict/types.ts';
import {escapeControls} from './style.ts';

/** The first failures of a check show what is wrong; all that are kept are in the run's judgement. */
const shown = 2;

/**
 * A failed check in full: what was checked, each failure with field, expected, actual and place, both packets in
 * one-line notation, and the likely cause. `lab` is the lab's short name, `word` its verdict as it is printed.
 */
export function wordCheck(
  check: Check,
  lab: string,
  diagnoses: readonly Diagnosis[] = [],
  word: string = check.verdict,
): string {
  const more = Math.max(0, check.failures.length - shown) + (check.omitted ?? 0);
  const lines = [
    `${word}  ${lab}  ${escapeControls(check.title)}`,
    ...check.failures.slice(0, shown).flatMap(wordFailure),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...diagnoses.slice(0, 1).map(diagnosis => `likely    ${wordDiagnosis(diagnosis)}`),
  ];
  return [lines[0], ...lines.slice(1).map(line => `      ${line}`)].join('\n');
}

function wordFailure(failure: Failure): string[] {
  const {field, expected, actual, place, expectedPacket, actualPacket} = failure;
  const parts = [
    `${field}   expected ${expected}`,
    `actual ${actual}`,
    ...(place === '' ? [] : [` ${place}`]),
  ];
  const packets = [
    ...(expectedPacket === '' ? [] : [`expected  ${expectedPacket}`]),
    ...(actualPacket === '' ? [] : [`actual    ${actualPacket}`]),
  ];
  return [parts.join('   '), ...packets].map(escapeControls);
}

/** `the service forwards with masq, not droute (ipvsadm -Ln shows Masq)`. */
export const wordDiagnosis = ({text, evidence}: Diagnosis): string =>
  escapeControls(evidence[0] === undefined ? text : `${text} (${evidence[0]})`);
