import type {ServerEdit} from '../ipvs/types.ts';
import type {Topology} from '../topology/types.ts';

/**
 * A run folder, which everything below `wire/` works on:
 *
 *     run.json                     RunRecord, without captures' bytes
 *     topology.json                Topology
 *     lab.json                     the lab's data as it was run (LabRecord of src/lab)
 *     pcap/<node>.<interface>.pcap one capture per interface
 *     nodes/<node>/<name>.txt      what was collected: ipvsadm-Ln, ipvsadm-Lnc, nstat, access log ...
 *     commands.jsonl               every command with its node, output, exit code and time
 */
export const runFormat = 2;

export interface CaptureRecord {
  readonly node: string;
  readonly interface: string;
  /** Path below the run folder. */
  readonly file: string;
  /** tcpdump said `listening on` before the first request was sent. */
  readonly ready: boolean;
  /** tcpdump said `captured` at its end, so the file is whole. */
  readonly flushed: boolean;
  readonly captured: number;
  readonly receivedByFilter: number;
  readonly droppedByKernel: number;
  readonly droppedByInterface: number;
}

/** One request of a client as the client itself saw it. */
export interface RequestRecord {
  readonly client: string;
  /** The unique token that the request carried. */
  readonly token: string;
  readonly url: string;
  /** From 1 within its connection. */
  readonly message: number;
  /** With HTTP status 200, or with a message that carries the token. */
  readonly answered: boolean;
  /** HTTP status, or 0 when there was no answer or it was not HTTP. */
  readonly status: number;
  /** curl's exit code: 0 fine, 7 refused, 28 timed out. */
  readonly exitCode: number;
  /** The real server that the answer names, '' when there was none. */
  readonly answeredBy: string;
  /** The address and port that the client sent from; '' and 0 when it could not connect. */
  readonly localAddress: string;
  readonly localPort: number;
}

/** What was changed at a service between connections. */
export interface EventRecord {
  /** Nanoseconds since 1970 by the lab host's clock, which stamps the captures too. */
  readonly at: string;
  /** When the change began, in the same way; undefined when that is not known: what keepalived did was only seen afterwards. */
  readonly from?: string | undefined;
  readonly node: string;
  readonly edit: ServerEdit;
}

/** When all services of a director were taken away and set up anew, as `at` of EventRecord: what they counted begins again. */
export interface ClearedRecord {
  readonly node: string;
  readonly from: string;
  readonly to: string;
}

/** When the server of a real server was stopped or started: from the command's begin to its end, as `at` of EventRecord. */
export interface ServingRecord {
  readonly node: string;
  readonly up: boolean;
  readonly from: string;
  readonly to: string;
}

/** When a director was seen to have no connection entry and no template any more, as `at` of EventRecord. */
export interface ExpiryRecord {
  readonly at: string;
  readonly node: string;
}

/** Something that was done to directors, or waited for, in a failover lab. */
export interface MarkRecord {
  readonly kind:
    'start' | 'masters' | 'kill' | 'block' | 'cure' | 'synced' | 'knows' | 'who-has' | 'end';
  readonly nodes: readonly string[];
  /** From its begin to its end, as `at` of EventRecord. */
  readonly from: string;
  readonly to: string;
  /** It came about in time. */
  readonly reached: boolean;
}

export interface CommandRecord {
  readonly node: string;
  readonly command: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds since the run began. */
  readonly at: number;
}

export interface RunRecord {
  readonly format: typeof runFormat;
  readonly id: string;
  readonly lab: string;
  /** ISO 8601. */
  readonly started: string;
  readonly lvslab: string;
  /** `uname -r` of the lab host. */
  readonly kernel: string;
  readonly host: {
    readonly kind: 'guest' | 'engine';
    readonly accelerator: string;
    readonly engine: string;
  };
  readonly captures: readonly CaptureRecord[];
  readonly requests: readonly RequestRecord[];
  readonly events: readonly EventRecord[];
  readonly serving?: readonly ServingRecord[] | undefined;
  readonly expiries?: readonly ExpiryRecord[] | undefined;
  readonly marks?: readonly MarkRecord[] | undefined;
  readonly cleared?: readonly ClearedRecord[] | undefined;
  /** What made the live half unsure of itself: not settled in time, clock jumped, node unhealthy. */
  readonly doubts: readonly string[];
  /** Kernel log lines that tell of an oops, a warning or a hung task. */
  readonly kernelTrouble: readonly string[];
}

/** A run folder read back: record, topology and collected texts; captures are read when asked for. */
export interface RunFolder {
  readonly path: string;
  readonly record: RunRecord;
  readonly topology: Topology;
  /** Collected text, '' when there is none: `text('director', 'ipvsadm-Lnc')`. */
  text(node: string, name: string): string;
}
