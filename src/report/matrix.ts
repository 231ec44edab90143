import {overallVerdict, reasonsOf, wordReasons} from './reason.ts';
import {paint} from './style.ts';
import {plainTable} from './table.ts';
import type {MatrixReport, RunReport} from './types.ts';

/** Labs by kernels, a verdict in each cell, then why those that did not pass did not. */
export function matrixText({lvslab, kernels}: MatrixReport, colored = false): string {
  const names = kernels.map(({wanted, report}) => report?.kernel ?? wanted);
  const rows = labNames({lvslab, kernels}).map((name, row) => [
    name,
    ...kernels.map(({labs}) => {
      const lab = labs[row];
      return lab === undefined ? '-' : paint(overallVerdict(lab), colored);
    }),
  ]);
  const details = kernels.flatMap(({labs}, column) =>
    labs
      .filter(lab => overallVerdict(lab) !== 'PASS')
      .map(lab => {
        const word = paint(overallVerdict(lab), colored);
        const run = lab.run === undefined ? '' : `\n      ${lab.run}`;
        return `${word}  ${lab.name} on ${names[column]}: ${wordReasons(lab)}${run}`;
      }),
  );
  return `${[`lvslab ${lvslab}`, plainTable(['lab', ...names], rows), ...details].join('\n\n')}\n`;
}

/**
 * A matrix as JSON text: `{lvslab, kernels: [{wanted, release}], labs: [{name, verdicts: [{kernel, verdict, reason, seconds,
 * run}]}]}`. Verdicts are in the order of the kernels, counter-labs included; `kernel` is the release that the guest named
 * itself by (uname -r), null where none was started.
 */
export function matrixJson({lvslab, kernels}: MatrixReport): string {
  const report = {
    lvslab,
    kernels: kernels.map(({wanted, report: one}) => ({wanted, release: one?.kernel ?? null})),
    labs: labNames({lvslab, kernels}).map((name, row) => ({
      name,
      verdicts: kernels.flatMap(({report: one, labs}) => {
        const lab = labs[row];
        if (lab === undefined) return [];
        return [
          {
            kernel: one?.kernel ?? null,
            verdict: overallVerdict(lab),
            reason: reasonsOf(lab).join('; ') || null,
            seconds: lab.seconds,
            run: lab.run ?? null,
          },
        ];
      }),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

const labNames = ({kernels}: MatrixReport): readonly string[] =>
  kernels[0]?.labs.map(({name}) => name) ?? [];

/** The columns as reports of their own; one of which no guest came up has the kernel's name as the user gave it. */
export const matrixReports = ({lvslab, kernels}: MatrixReport): readonly RunReport[] =>
  kernels.map(({wanted, report, labs}) =>
    report === undefined
      ? {lvslab, kernel: wanted, host: {kind: 'guest', accelerator: 'unknown'}, labs}
      : report,
  );
