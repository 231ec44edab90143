import type {Path, Report} from '../finding.ts';
import {objectAt} from '../finding.ts';
import type {Draft} from '../schema.ts';

/** Words that stand for an address or port of each connection: the chosen real server's, and bound ports. */
export const reservedAddressNames: readonly string[] = ['RIP', 'CPORT', 'LPORT'];

/** Address names: none reserved, none given twice, whether to an interface or below `addresses`. */
export function checkNames({addresses, nodes}: Draft, report: Report): void {
  const holders = new Map<string, Path>();
  const check = (name: string, path: Path, at: 'key' | 'value', holder: Path): void => {
    const earlier = holders.get(name);
    if (reservedAddressNames.includes(name))
      report({
        path,
        at,
        what: 'reserved name of an address',
        valid: [`any but ${reservedAddressNames.join(', ')}`],
        next: name === 'RIP' ? 'number real servers: RIP1, RIP2' : 'rename it',
      });
    else if (earlier !== undefined)
      report({
        path,
        at,
        what: `duplicate name of an address, which ${objectAt(earlier)} has`,
        next: 'rename one of them',
      });
    holders.set(name, earlier ?? holder);
  };
  for (const name of Object.keys(addresses))
    check(name, ['addresses', name], 'key', ['addresses', name]);
  for (const [node, draft] of Object.entries(nodes))
    for (const [interfaceName, link] of Object.entries(draft?.interfaces ?? {})) {
      const holder = ['nodes', node, 'interfaces', interfaceName];
      for (const [index, name] of (link?.names ?? []).entries())
        check(name, [...holder, 'names', index], 'value', holder);
    }
}
