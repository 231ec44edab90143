import {contains, families, familyName, isBroadcast, parseAddress} from '../ip.ts';
import {correct, objectAt, type Path, type Report} from '../finding.ts';
import type {Draft} from '../schema.ts';
import type {Family, PerFamily} from '../types.ts';
import type {Networks} from './networks.ts';

interface Holder extends PerFamily<string> {
  readonly path: Path;
  readonly network: string;
}

/** Every address of interfaces and of `addresses`: in a known network's prefix, usable there, and given once. */
export function checkAddresses(draft: Draft, networks: Networks, report: Report): void {
  const holders = new Map<string, Holder>();
  for (const holder of holdersOf(draft)) {
    if (!networks.has(holder.network))
      report({
        path: [...holder.path, 'network'],
        at: 'value',
        what: `unknown network in ${objectAt(holder.path)}`,
        valid: networks.names,
        next: correct(holder.network, networks.names, 'add it to networks'),
      });
    if (holder.v4 === undefined && holder.v6 === undefined)
      report({
        path: holder.path,
        at: 'lack',
        what: `${objectAt(holder.path)} has no address`,
        next: 'give it v4, v6 or both',
      });
    for (const family of families) checkAddress(holder, family, networks, holders, report);
  }
}

function holdersOf({addresses, nodes}: Draft): readonly Holder[] {
  const interfaces = Object.entries(nodes).flatMap(([node, draft]) =>
    Object.entries(draft?.interfaces ?? {}).map(([name, value]) => ({
      path: ['nodes', node, 'interfaces', name],
      value,
    })),
  );
  const named = Object.entries(addresses).map(([name, value]) => ({
    path: ['addresses', name],
    value,
  }));
  // Named addresses first: they stand first in the file, so a duplicate is reported where it comes second.
  return [...named, ...interfaces].flatMap(({path, value}) =>
    value === undefined ? [] : [{path, ...value}],
  );
}

function checkAddress(
  holder: Holder,
  family: Family,
  networks: Networks,
  holders: Map<string, Holder>,
  report: Report,
): void {
  const text = holder[family];
  if (text === undefined) return;
  const wrong = (what: string, next: string, valid?: readonly string[]): void =>
    report({
      path: [...holder.path, family],
      at: 'value',
      what: `${what}: ${family} of ${objectAt(holder.path)}`,
      ...(valid === undefined ? {} : {valid}),
      next,
    });
  const address = parseAddress(text);
  if (address?.family !== family) {
    wrong(
      `not an ${familyName[family]} address`,
      text.includes('/')
        ? 'leave out the prefix length: the network has it'
        : 'write it in full, without leading zeros or a zone',
    );
    return;
  }
  const earlier = holders.get(address.text);
  if (earlier !== undefined)
    wrong(
      `duplicate address, which ${objectAt(earlier.path)} has`,
      'give each of them an address of its own',
    );
  holders.set(address.text, earlier ?? holder);

  if (!networks.has(holder.network)) return;
  const prefix = networks.prefix(holder.network, family);
  if (prefix === 'unknown') return;
  if (prefix === 'none')
    wrong(
      `network "${holder.network}" has no ${familyName[family]} prefix`,
      `add ${family} to the network, or remove this address`,
    );
  else if (!contains(prefix, address))
    wrong(`address outside network "${holder.network}"`, 'choose an address in the prefix', [
      prefix.text,
    ]);
  else if (address.value === prefix.value)
    wrong(
      `address of the network "${holder.network}" itself`,
      family === 'v4'
        ? 'choose another address in the prefix'
        : 'choose another address: this one is the subnet-router anycast address',
    );
  else if (isBroadcast(prefix, address))
    wrong(
      `broadcast address of network "${holder.network}"`,
      'choose another address in the prefix',
    );
}
