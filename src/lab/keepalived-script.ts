import {lateAfter} from '../nodes/late.ts';
import {quote} from '../quote.ts';
import {formatEndpoint} from '../ipvs/text.ts';
import type {RealServer} from '../ipvs/types.ts';

/** Where keepalived's files are in a director. */
const place = '/run/lvslab/keepalived';
/** The text that the scripts print before what follows it. */
export const keepalivedLog = `${place}.log`;

/** The exit code of a script whose condition did not come true in time. */
export const tooLate = 3;

/**
 * Clears all services, starts keepalived's health checker (no VRRP) and waits until it has as many real servers in the
 * table as it was told of, and has checked as many where it checks; exit code `tooLate` when it never has. Prints the
 * services before, the time in nanoseconds, the services after and the time again, lines `--` between.
 */
export const startKeepalivedScript = (
  config: string,
  {servers, checks, seconds}: {servers: number; checks: boolean; seconds: number},
): string => `set -e
mkdir -p ${place}
printf '%s' ${quote(config)} >${place}/keepalived.conf
ipvsadm -Sn
echo --
date +%s%N
echo --
ipvsadm -C
keepalived --dont-fork --check --log-console --log-detail --no-syslog --use-file ${place}/keepalived.conf \\
  --pid ${place}/pid --checkers_pid ${place}/checkers.pid </dev/null >${keepalivedLog} 2>&1 &
${lateAfter(seconds)}
until [ "$(ipvsadm -Sn | grep -c '^-a ')" = ${servers} ]${checks ? ` && [ "$(grep -c 'TCP connection to .* success' ${keepalivedLog})" -ge ${servers} ]` : ''}; do
  ! late || { cat ${keepalivedLog} >&2; exit ${tooLate}; }
  sleep 0.1
done
ipvsadm -Sn
echo --
date +%s%N
`;

/**
 * Waits until the service has the real server, or has it no more, and prints the time in nanoseconds; exit code `tooLate`
 * when it does not come to that.
 */
export const untilListedScript = (
  server: Pick<RealServer, 'address' | 'port'>,
  listed: boolean,
  seconds: number,
): string => `${lateAfter(seconds)}
until [ "$(ipvsadm -Sn | grep -c -F -e ${quote(` -r ${formatEndpoint(server)} `)})" = ${listed ? 1 : 0} ]; do
  ! late || exit ${tooLate}
  sleep 0.1
done
date +%s%N
`;

/**
 * Ends keepalived at once, so that the services stay as they are, and waits until it is gone. Prints its log. The child gets
 * SIGTERM when its parent dies (prctl(2), PR_SET_PDEATHSIG), on which it would take the services away: stopped, it cannot.
 */
export const killKeepalivedScript = `read -r parent <${place}/pid
read -r child <${place}/checkers.pid
kill -STOP "$child"
kill -KILL "$parent" "$child"
while kill -0 "$parent" || kill -0 "$child"; do sleep 0.02; done 2>/dev/null
cat ${keepalivedLog}
`;
