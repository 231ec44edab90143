import type {RunFolder} from '../run-folder/types.ts';
import type {Crossing, Flow, Path, Trace} from '../trace/types.ts';
import type {Altered} from './altered.ts';
import type {Connection} from './connections.ts';
import type {ErrorRule, FoundError} from './error-rules.ts';
import type {DataConnection} from './ftp-data.ts';
import type {Hop} from './hops.ts';
import type {Names} from './names.ts';
import type {Probe} from './probes.ts';
import type {Expectation} from './types.ts';

/** All that the checks of one run look at. */
export interface Case {
  readonly run: RunFolder;
  readonly expectation: Expectation;
  readonly trace: Trace;
  readonly names: Names;
  /** The VIP. */
  readonly virtual: string;
  readonly request: readonly Hop[];
  readonly reply: readonly Hop[];
  readonly connections: readonly Connection[];
  readonly errorRules: readonly ErrorRule[];
  /** The ICMP errors that quote packets of connections. */
  readonly errors: readonly FoundError[];
  /** Packets that end where an expected ICMP error for them begins. */
  readonly refused: ReadonlySet<Path>;
  /** keepalived's health checks, where there are to be some. */
  readonly probes: readonly Probe[];
  /** FTP's data connections and the hops of their packets, where there are to be some; else none. */
  readonly data: {
    readonly connections: readonly DataConnection[];
    readonly request: readonly Hop[];
    readonly reply: readonly Hop[];
  };
  /** Flows that are none of these. */
  readonly strays: readonly Flow[];
  /** Crossings whose other end saw the same packet with other bytes. */
  readonly altered: ReadonlyMap<Crossing, Altered>;
}
