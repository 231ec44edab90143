import type {Judgement} from './types.ts';

/** One thing that a run showed. `of` and `what` name it, the same in every run of a lab; `value` is what may differ. */
export interface Observation {
  /** `connection 2`, `request 1`, `director`, `lab`. */
  readonly of: string;
  /** `request SYN`, `net.ipv4.vs.conn_reuse_mode`. */
  readonly what: string;
  readonly value: string;
}

/** The verdict and the checks that failed. */
export const verdictSeen = ({verdict, checks}: Judgement): readonly Observation[] => [
  {of: 'lab', what: 'verdict', value: verdict},
  ...checks
    .filter(check => check.verdict === 'FAIL')
    .map(({id, failures}) => ({
      of: 'lab',
      what: `check ${id}`,
      value: `FAIL ${[...new Set(failures.map(({field}) => field))].join(', ')}`,
    })),
];
