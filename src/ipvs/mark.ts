import {InputError} from '../problem.ts';
import {addressBits} from '../topology/ip.ts';
import {addressOf} from './address.ts';
import type {Protocol} from './types.ts';

/** What gets a firewall mark as it comes to the director. */
export interface Marked {
  readonly mark: number;
  readonly protocol: Protocol;
  readonly destinations: readonly {readonly address: string; readonly port: number}[];
}

/** A script that has netfilter mark what comes for the destinations, in one go: a service of the mark finds it. */
export function markScript({mark, protocol, destinations}: Marked): string {
  const rules = destinations.map(({address, port}) => {
    const {family, text} = addressOf(address);
    const rule = `-A PREROUTING -d ${text} -p ${protocol} --dport ${whole(port)} -j MARK --set-mark ${whole(mark)}`;
    return {family, rule};
  });
  return (['v4', 'v6'] as const)
    .flatMap(family => {
      const own = rules.filter(one => one.family === family).map(({rule}) => rule);
      const tables = family === 'v4' ? 'iptables-restore' : 'ip6tables-restore';
      return own.length === 0
        ? []
        : [`${tables} --noflush <<'LVSLAB'`, '*mangle', ...own, 'COMMIT', 'LVSLAB', ''];
    })
    .join('\n');
}

/**
 * A script that makes a node take the addresses for its own without holding them: local routes. It answers ARP for them
 * where arp_ignore is 0.
 */
export function localScript(addresses: readonly string[]): string {
  const routes = addresses.map(text => {
    const address = addressOf(text);
    return `route add local ${address.text}/${addressBits[address.family]} dev lo`;
  });
  return routes.length === 0 ? '' : ["ip -batch - <<'LVSLAB'", ...routes, 'LVSLAB', ''].join('\n');
}

function whole(value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InputError({what: 'not a port or mark', value: String(value), next: 'correct the lab'});
}
