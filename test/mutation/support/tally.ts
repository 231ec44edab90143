import {InputError} from '../../../src/problem.ts';
import type {Fault} from './fault.ts';
import {judgeSubject, type Subject} from './subject.ts';

/** What planting faults gave. */
export interface Tally {
  readonly planted: number;
  readonly caught: number;
  /** By kind and scope. */
  readonly rows: readonly Row[];
  readonly missed: readonly Missed[];
}

export interface Row {
  readonly kind: string;
  readonly scope: string;
  readonly planted: number;
  readonly fail: number;
  readonly inconclusive: number;
  readonly caught: number;
}

/** A fault that was not caught, and the verdict that it got. */
export interface Missed {
  readonly subject: string;
  readonly fault: Fault;
  readonly verdict: string;
}

/** Counts over several subjects. */
export class Tallying {
  readonly #rows = new Map<string, Row>();
  readonly #missed: Missed[] = [];

  /** Plants a fault and judges. FAIL catches it; INCONCLUSIVE only what is lost; a lab that cannot be loaded with it too. */
  plant(subject: Subject, fault: Fault): void {
    const verdict = verdictWith(fault);
    const caught =
      verdict === 'FAIL' || verdict === 'refused' || (fault.loss && verdict === 'INCONCLUSIVE');
    const {kind, scope} = fault;
    const row = this.#rows.get(`${kind} ${scope}`) ?? {
      kind,
      scope,
      planted: 0,
      fail: 0,
      inconclusive: 0,
      caught: 0,
    };
    this.#rows.set(`${kind} ${scope}`, {
      ...row,
      planted: row.planted + 1,
      fail: row.fail + Number(verdict === 'FAIL' || verdict === 'refused'),
      inconclusive: row.inconclusive + Number(verdict === 'INCONCLUSIVE'),
      caught: row.caught + Number(caught),
    });
    if (!caught) this.#missed.push({subject: subject.name, fault, verdict});
  }

  done(): Tally {
    const rows = [...this.#rows.values()];
    const sum = (of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);
    return {
      planted: sum(({planted}) => planted),
      caught: sum(({caught}) => caught),
      rows,
      missed: this.#missed,
    };
  }
}

function verdictWith(fault: Fault): string {
  try {
    return judgeSubject(fault.plant()).verdict;
  } catch (error) {
    if (error instanceof InputError) return 'refused';
    throw error;
  }
}
