/** One thing that a run showed. `of` and `what` name it, the same in every run of a lab; `value` is what may differ. */
export interface Observation {
  /** `connection 2`, `request 1`, `director`, `lab`. */
  readonly of: string;
  /** `request SYN`, `net.ipv4.vs.conn_reuse_mode`. */
  readonly what: string;
  readonly value: string;
}
