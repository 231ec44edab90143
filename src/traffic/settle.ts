import {lateAfter} from '../nodes/late.ts';
import type {NodeShell} from '../nodes/types.ts';

/**
 * Waits on all nodes at once until no TCP socket is on its way to another state: all are LISTEN or TIME_WAIT (0A and 06
 * in /proc/net/tcp, include/net/tcp_states.h), and no SCTP association is left, so no frame of a connection is still to
 * come. Gives a doubt for each node that was not there after `seconds`.
 */
export async function settle(
  shells: readonly NodeShell[],
  {seconds = 10, idle = 'moving'}: {readonly seconds?: number; readonly idle?: Idle} = {},
): Promise<readonly string[]> {
  const doubts = await Promise.all(
    shells.map(async shell => {
      const {exitCode, stdout} = await shell.run(settleScript(seconds, idle), {
        label: 'wait until connections are closed',
        timeoutMs: (seconds + 30) * 1000,
      });
      return exitCode === 0 ? undefined : doubtOf(shell.node, stdout.toString('utf8'), seconds);
    }),
  );
  return doubts.filter(doubt => doubt !== undefined);
}

/**
 * What an established socket with nothing to send and no timer is: it may be about to close, or the other end is gone and has not
 * told it.
 */
export type Idle = 'moving' | 'settled';

/** State ESTABLISHED, empty send queue, no timer (Documentation/networking/proc_net_tcp.rst). */
const atRest = '01,00000000:*,00:*';

/** Reads the tables in the shell itself; each process would take longer than a connection. */
export const settleScript = (seconds: number, idle: Idle = 'moving'): string =>
  [
    'moving() {',
    '  for table in /proc/net/tcp /proc/net/tcp6; do',
    '    [ ! -r $table ] || while read -r number local peer state queues timer rest; do',
    `      case $state,$queues,$timer in st,*|0A,*|06,*${idle === 'settled' ? `|${atRest}` : ''}) ;; *) echo "$state" ;; esac`,
    '    done <$table',
    '  done',
    // Below a line of titles, a line an association, with its state as the fifth word (net/sctp/proc.c).
    '  [ ! -r /proc/net/sctp/assocs ] || while read -r one socket type own state rest; do',
    '    case $state in ST) ;; *) echo "sctp-$state" ;; esac',
    '  done </proc/net/sctp/assocs',
    '}',
    lateAfter(seconds),
    'while states=$(moving); [ -n "$states" ]; do',
    '  ! late || { echo "$states"; exit 1; }',
    '  sleep 0.05',
    'done',
    '',
  ].join('\n');

/** By their numbers, from 1 (include/net/tcp_states.h). */
const stateNames =
  'ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING NEW_SYN_RECV'.split(
    ' ',
  );

/** By their numbers (include/net/sctp/constants.h, sctp_state). */
const associationStates =
  'CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_PENDING SHUTDOWN_SENT SHUTDOWN_RECEIVED SHUTDOWN_ACK_SENT'.split(
    ' ',
  );

function nameOf(state: string): string {
  const association = /^sctp-(\d+)$/.exec(state)?.[1];
  return association === undefined
    ? (stateNames[Number.parseInt(state, 16) - 1] ?? state)
    : (associationStates[Number(association)] ?? association);
}

/** `rs1: 2 TCP sockets were still SYN_RECV, CLOSE_WAIT 10 s after the traffic`. */
export function doubtOf(node: string, states: string, seconds: number): string {
  const found = states.split('\n').filter(Boolean);
  const names = new Set(found.map(nameOf));
  const kind = found.every(state => state.startsWith('sctp')) ? 'SCTP association' : 'TCP socket';
  return `${node}: ${found.length} ${kind}${found.length === 1 ? ' was' : 's were'} still ${[...names].join(', ')} ${seconds} s after the traffic`;
}
