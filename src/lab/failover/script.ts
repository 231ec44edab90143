import {addressOf} from '../../ipvs/address.ts';
import {formatEndpoint} from '../../ipvs/text.ts';
import {lateAfter} from '../../nodes/late.ts';
import {quote} from '../../quote.ts';
import type {Family} from '../../topology/types.ts';
import {tooLate} from '../keepalived-script.ts';
import type {BlockStep, KnowsStep, MastersStep, StartStep} from './steps.ts';

/** Where keepalived's files are in a director. */
const place = '/run/lvslab/vrrp';
export const vrrpLog = `${place}/log`;

const stamp = 'date +%s%N';

/** Starts keepalived, VRRP and services, and waits until it has its services and every instance has begun as backup. */
export const startScript = (
  {config, servers, instances}: StartStep['directors'][number],
  seconds: number,
): string => `set -e
${stamp}
mkdir -p ${place}
printf '%s' ${quote(config)} >${place}/keepalived.conf
keepalived --dont-fork --log-console --log-detail --no-syslog --use-file ${place}/keepalived.conf --pid ${place}/parent.pid \\
  --vrrp_pid ${place}/vrrp.pid --checkers_pid ${place}/checkers.pid </dev/null >${vrrpLog} 2>&1 &
${lateAfter(seconds)}
until [ "$(grep -c 'Entering BACKUP STATE (init)' ${vrrpLog})" = ${instances} ] && [ "$(ipvsadm -Sn | grep -c '^-a ')" = ${servers} ]; do
  ! late || { cat ${vrrpLog} >&2; exit ${tooLate}; }
  sleep 0.1
done
${stamp}
`;

/**
 * Waits until the director holds these addresses, none of those, and its sync daemon is what follows from that. One process a round:
 * two directors are asked for seconds while the lab's packets go through the same processors.
 */
export const mastersScript = (
  {held, free, daemon}: MastersStep['nodes'][number],
  seconds: number,
): string => {
  const has = (address: string): string =>
    `case $listing in *${quote(` ${addressOf(address).text}/`)}*) `;
  const conditions = [
    ...held.map(address => `${has(address)};; *) return 1 ;; esac`),
    ...free.map(address => `${has(address)}return 1 ;; esac`),
    ...(daemon === undefined ? [] : [`ipvsadm -Ln --daemon | grep -q ${quote(`^${daemon} sync`)}`]),
  ];
  return `${stamp}
${lateAfter(seconds)}
so() {
  listing=$(ip -o addr show)
  ${conditions.join('\n  ')}
}
until so; do
  ! late || exit ${tooLate}
  sleep 0.1
done
${stamp}
`;
};

/**
 * A death: from one moment on nothing goes in or out, so that no link that is still up tells of one that is down, and nobody says
 * goodbye; then all links go, and keepalived is killed. The addresses stay where they are, as in a machine without power. The
 * links go at once, however slow the machine is at starting programs: ip(8) runs already, and waits, once the alias of lo
 * shows that it has read its first line.
 */
export const killScript = (devices: readonly string[]): string => `set -e
read -r parent <${place}/parent.pid
read -r vrrp <${place}/vrrp.pid
read -r checkers <${place}/checkers.pid
mkfifo ${place}/links
ip -batch - <${place}/links &
ip=$!
exec 3>${place}/links
echo 'link set dev lo alias dying' >&3
alias=
until [ "$alias" = dying ]; do sleep 0.02; read -r alias </sys/class/net/lo/ifalias || :; done
${stamp}
nft -f - <<'LVSLAB'
table inet dying {
  chain in { type filter hook prerouting priority raw; policy drop; }
  chain out { type filter hook output priority raw; policy drop; }
}
LVSLAB
kill -STOP "$parent" "$vrrp" "$checkers"
printf ${quote(devices.map(device => `link set dev ${device} down\n`).join(''))} >&3
exec 3>&-
wait "$ip"
${stamp}
kill -KILL "$parent" "$vrrp" "$checkers"
while kill -0 "$parent" || kill -0 "$vrrp" || kill -0 "$checkers"; do sleep 0.02; done 2>/dev/null
`;

const tables = (family: Family): string => (family === 'v4' ? 'iptables' : 'ip6tables');
const rule = 'INPUT -p 112 -j DROP';

/** Drops what comes in of VRRP (IP protocol 112), or no more; says how much it dropped. */
export const blockScript = ({family}: Pick<BlockStep, 'family'>, on: boolean): string => `set -e
${on ? ':' : `${tables(family)} -w -nvxL INPUT`}
${stamp}
${tables(family)} -w ${on ? '-A' : '-D'} ${rule}
${stamp}
`;

/** Waits until the table has an entry for each of the clients, and prints the table either way. */
export const syncedScript = (
  clients: readonly {readonly address: string; readonly port: number}[],
  seconds: number,
): string => `${stamp}
${lateAfter(seconds)}
there=0
until [ "$(ipvsadm -Lnc | grep -c -F ${clients.map(client => `-e ${quote(` ${formatEndpoint(client)} `)}`).join(' ')})" = ${clients.length} ]; do
  ! late || { there=${tooLate}; break; }
  sleep 0.2
done
${stamp}
ipvsadm -Lnc
exit $there
`;

/** Waits until the neighbour table has the MAC for the address. */
export const knowsScript = ({device, address, mac, seconds}: KnowsStep): string => `${stamp}
${lateAfter(seconds)}
until case $(ip neigh show to ${addressOf(address).text} dev ${device}) in *${quote(`lladdr ${mac}`)}*) ;; *) false ;; esac; do
  ! late || exit ${tooLate}
  sleep 0.1
done
${stamp}
`;

/** One ARP request to all; the answers are in the captures. */
export const whoHasScript = (device: string, address: string): string => `${stamp}
arping -q -c 1 -w 2 -i ${device} ${addressOf(address).text} >/dev/null || :
${stamp}
`;
