import {families, familyName, overlap, parseNetworkPrefix, type Prefix} from '../ip.ts';
import type {Report} from '../finding.ts';
import {mtuRange, type Draft} from '../schema.ts';
import type {Family} from '../types.ts';

/** What the other checks need to know of the networks. */
export interface Networks {
  readonly names: readonly string[];
  /** Whether there is such a network, as far as can be told. */
  has(network: string): boolean;
  /** The prefix; `none` when the network has none of the family, `unknown` when it is wrong or unreadable. */
  prefix(network: string, family: Family): Prefix | 'none' | 'unknown';
}

/** IPv6 links carry at least 1280 bytes (RFC 8200, section 5). */
const minimumMtu6 = 1280;

/** Prefixes well-formed, one at least in each network, none overlapping; MTU large enough for IPv6. */
export function checkNetworks({networks}: Draft, report: Report): Networks {
  const prefixes = new Map<string, Prefix | 'unknown'>();
  for (const [name, network] of Object.entries(networks ?? {})) {
    if (network === undefined) continue;
    if (network.v4 === undefined && network.v6 === undefined)
      report({
        path: ['networks', name],
        at: 'lack',
        what: `network "${name}" has no prefix`,
        next: 'give it v4, v6 or both',
      });
    if (network.v6 !== undefined && network.mtu < minimumMtu6)
      report({
        path: ['networks', name, 'mtu'],
        at: 'value',
        what: `mtu out of range in network "${name}", which has IPv6`,
        valid: [`${minimumMtu6} to ${mtuRange.max}`],
        next: 'choose a value in the range, or remove v6',
      });
    for (const family of families) {
      const text = network[family];
      if (text === undefined) continue;
      const path = ['networks', name, family];
      const prefix = parseNetworkPrefix(text);
      prefixes.set(`${name} ${family}`, 'unknown');
      if ('wrong' in prefix)
        report({
          path,
          at: 'value',
          what: `${prefix.wrong}: ${family} of network "${name}"`,
          ...(prefix.valid === undefined ? {} : {valid: prefix.valid}),
          next: prefix.next,
        });
      else if (prefix.family !== family) {
        prefixes.set(`${name} ${prefix.family}`, 'unknown');
        report({
          path,
          at: 'value',
          what: `${familyName[prefix.family]} prefix as ${family} of network "${name}"`,
          next: `write it as ${prefix.family}`,
        });
      } else {
        const other = [...prefixes].find(
          ([, known]) => known !== 'unknown' && overlap(known, prefix),
        );
        if (other !== undefined)
          report({
            path,
            at: 'value',
            what: `${family} of network "${name}" overlaps network "${other[0].split(' ')[0]}"`,
            next: 'give each network a prefix of its own',
          });
        prefixes.set(`${name} ${family}`, prefix);
      }
    }
  }
  return {
    names: Object.keys(networks ?? {}),
    has: network => networks === undefined || Object.hasOwn(networks, network),
    prefix: (network, family) =>
      networks?.[network] === undefined
        ? 'unknown'
        : (prefixes.get(`${network} ${family}`) ?? 'none'),
  };
}
