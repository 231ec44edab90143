import type {Judgement, Verdict} from '../verdict/types.ts';
import type {Cause} from '../verdict/causes.ts';

/** A counter-lab's outcome: a wrong set-up that must fail for the stated cause. */
export interface CounterResult {
  readonly claim: string;
  /** What was made wrong. */
  readonly when: string;
  readonly verdict: Verdict;
  /** It failed, and its diagnoses name the cause that the lab states. */
  readonly asExpected: boolean;
  /** In words: what was found, or what should have been. */
  readonly reason: string;
  readonly cause?: Cause | undefined;
}

/** A lab's outcome with its counter-labs'. */
export interface LabResult {
  /** `modes/dr`. */
  readonly name: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly claims: readonly {readonly id: string; readonly verdict: Verdict}[];
  /** Absent when the lab was skipped or broke before there was anything to judge. */
  readonly judgement?: Judgement | undefined;
  /** Why there is no judgement: the message of the error, or why the lab was skipped. */
  readonly error?: string | undefined;
  readonly counters: readonly CounterResult[];
  readonly seconds: number;
  /** The run folder. */
  readonly run?: string | undefined;
}

/** The outcome of one command: every lab that it ran, and on what. */
export interface RunReport {
  /** Version of lvslab. */
  readonly lvslab: string;
  /** `uname -r` of the lab host. */
  readonly kernel: string;
  readonly host: {readonly kind: string; readonly accelerator: string};
  readonly labs: readonly LabResult[];
}

/** The outcome of the same labs on several kernels. */
export interface MatrixReport {
  /** Version of lvslab. */
  readonly lvslab: string;
  readonly kernels: readonly MatrixKernel[];
}

/** A column of a matrix. */
export interface MatrixKernel {
  /** As the user named it: `6.1`, `./linux`. */
  readonly wanted: string;
  /** Undefined when no guest with this kernel came up. */
  readonly report: RunReport | undefined;
  /** A result a lab, the same labs in every column; ERROR when no guest came up. */
  readonly labs: readonly LabResult[];
}
