import {stepFailed, timeSaid} from '../nodes/failed.ts';
import {
  killKeepalivedScript,
  startKeepalivedScript,
  tooLate,
  untilListedScript,
} from './keepalived-script.ts';
import type {RealServer} from '../ipvs/types.ts';
import type {NodeShell} from '../nodes/types.ts';
import type {ClearedRecord, EventRecord, ServingRecord} from '../run-folder/types.ts';

/** keepalived takes the service over from ipvsadm. */
export interface KeepalivedStep {
  readonly kind: 'keepalived';
  readonly node: string;
  readonly config: string;
  /** Real servers in it. */
  readonly servers: number;
  /** Whether it checks them. */
  readonly checks: boolean;
}

/** The server program of a real server is started or stopped. */
export interface ServeStep {
  readonly kind: 'serve';
  readonly node: string;
  readonly up: boolean;
  readonly script: string;
}

/** Until the director has the real server in its table, or has it no more. */
export interface UntilStep {
  readonly kind: 'until';
  readonly node: string;
  readonly server: RealServer;
  readonly listed: boolean;
  readonly seconds: number;
}

/** Seconds in which keepalived has set up its services on a slow machine. */
const startSeconds = 40;

/**
 * Starts keepalived in the place of what ipvsadm set up. Gives texts for the run folder: the configuration, and what
 * `ipvsadm -Sn` said before and after; and when it was. Throws BrokenLabError when it does not set up its services.
 */
export async function startKeepalived(
  shell: NodeShell,
  {config, servers, checks}: KeepalivedStep,
): Promise<{readonly texts: Record<string, string>; readonly cleared: ClearedRecord}> {
  const done = await shell.run(
    startKeepalivedScript(config, {servers, checks, seconds: startSeconds}),
    {
      label: `keepalived with\n${config}`,
    },
  );
  const [before, from, after, to] = done.stdout.toString('utf8').split('--\n');
  if (
    done.exitCode === 0 &&
    before !== undefined &&
    from !== undefined &&
    after !== undefined &&
    to !== undefined
  )
    return {
      texts: {
        'keepalived-conf': config,
        'configured-by-ipvsadm': before,
        'configured-by-keepalived': after,
      },
      cleared: {node: shell.node, from: from.trim(), to: to.trim()},
    };
  throw stepFailed(shell.node, 'keepalived did not set up its services', done);
}

/** Ends keepalived without its taking the services away. Gives its log. */
export async function killKeepalived(shell: NodeShell): Promise<Record<string, string>> {
  const {stdout} = await shell.run(killKeepalivedScript, {label: 'kill keepalived'});
  return {'keepalived-log': stdout.toString('utf8')};
}

/** Waits for the change; one that does not come in time is data: undefined. */
export async function untilListed(
  shell: NodeShell,
  {server, listed, seconds}: UntilStep,
): Promise<EventRecord | undefined> {
  const done = await shell.run(untilListedScript(server, listed, seconds), {
    label: `wait until ${server.address} is ${listed ? 'in' : 'out of'} the table`,
    timeoutMs: (seconds + 60) * 1000,
  });
  if (done.exitCode === tooLate) return undefined;
  const edit = {kind: listed ? 'add' : 'remove', server} as const;
  return {at: timeSaid(shell.node, 'its table could not be watched', done), node: shell.node, edit};
}

/** Starts or stops the server of a real server. */
export async function serve(shell: NodeShell, {up, script}: ServeStep): Promise<ServingRecord> {
  const done = await shell.run(`set -e\ndate +%s%N\n${script}\ndate +%s%N\n`, {
    label: `${up ? 'start' : 'stop'} the server`,
  });
  const [from, to] = done.stdout.toString('utf8').trim().split('\n');
  if (done.exitCode !== 0 || from === undefined || to === undefined)
    throw stepFailed(shell.node, `its server could not be ${up ? 'started' : 'stopped'}`, done);
  return {node: shell.node, up, from, to};
}
