import type {CommandRecord} from '../run-folder/types.ts';

/** What one command on a node gave. A non-zero exit code is data; only a lost node throws. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * A shell that stays open in a running node: the first use costs one exec, each further one milliseconds.
 * Throws BrokenLabError when the container or the engine goes away.
 */
export interface NodeShell {
  readonly node: string;
  /** Runs a POSIX shell script. `label` is what the run folder's command list calls it (default: the script). */
  run(
    script: string,
    options?: {readonly label?: string; readonly timeoutMs?: number},
  ): Promise<ExecResult>;
  close(): Promise<void>;
}

/** Called for every command that a shell ran. */
export type CommandLog = (record: Omit<CommandRecord, 'at'>) => void;
