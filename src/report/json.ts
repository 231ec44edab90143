import {reasonsOf} from './reason.ts';
import type {RunReport} from './types.ts';

/**
 * A report as JSON text for scripts, with a line end: `{lvslab, kernel, host, labs: [{name, verdict, claims, counters,
 * seconds, captures, outages, run, reasons, error}]}`. Absent things are null, so that every key is always there. `reasons` say why a
 * lab that ran did not pass: failed checks, the kernel's own trouble among them, or what was not seen whole.
 */
export const jsonReport = (report: RunReport): string => text(plain(report));

/** Several reports as one JSON text: an array of what jsonReport makes of each. */
export const jsonReports = (reports: readonly RunReport[]): string => text(reports.map(plain));

const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function plain({lvslab, kernel, host, labs}: RunReport): Readonly<Record<string, unknown>> {
  return {
    lvslab,
    kernel,
    host: {kind: host.kind, accelerator: host.accelerator},
    labs: labs.map(lab => ({
      name: lab.name,
      verdict: lab.verdict,
      claims: lab.claims.map(({id, verdict}) => ({id, verdict})),
      counters: lab.counters.map(({claim, verdict, asExpected, reason}) => ({
        claim,
        verdict,
        asExpected,
        reason,
      })),
      seconds: lab.seconds,
      captures: lab.judgement?.captures ?? {frames: 0, dropped: 0},
      outages: lab.judgement?.measured.outages ?? [],
      run: lab.run ?? null,
      reasons: reasonsOf({...lab, error: undefined, counters: []}),
      error: lab.error ?? null,
    })),
  };
}
