import {styleText} from 'node:util';
import type {Verdict} from '../verdict/types.ts';

/** Where a report goes, as far as colours are concerned. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
}

/** Whether colours may be used: only on a terminal, and not when NO_COLOR is set (https://no-color.org: not empty). */
export const hasColors = (
  screen: Screen,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean => screen.isTTY === true && (environment['NO_COLOR'] ?? '') === '';

const colors = {
  PASS: 'green',
  FAIL: 'red',
  SKIP: 'gray',
  INCONCLUSIVE: 'yellow',
  ERROR: 'magenta',
} as const satisfies Record<Verdict, Parameters<typeof styleText>[0]>;

/** The verdict as a word, in its colour if there are any. */
export const paint = (verdict: Verdict, colored: boolean): string =>
  // The caller has looked at the stream already.
  colored ? styleText(colors[verdict], verdict) : verdict;

/**
 * Text from captures, nodes or files made safe for a terminal: control characters (C0, DEL, C1, bidirectional
 * overrides) are written as escapes, the line end as `\n`.
 */
export const escapeControls = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, character => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\n') return '\\n';
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
