import {InputError} from '../../problem.ts';

/** Commands whose output a lab may look at. */
const commands = [
  'ipvsadm -Ln',
  'ipvsadm -Ln --stats --exact',
  'ipvsadm -Ln --timeout',
  'ipvsadm -Ln --rate --exact',
  'conntrack -L',
  'ip route show cache',
  'nstat -az',
] as const;

/** How many it shows, and so that it ran, conntrack(8) tells on standard error. */
const listing = 'conntrack -L 2>&1';

/** The command by which a node shows it: one of the known ones, or a file below /proc. Throws InputError for others. */
export function commandOf(what: string): string {
  const known = commands.find(command => command === what);
  if (known === 'conntrack -L') return listing;
  if (known !== undefined) return known;
  if (/^\/proc(\/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)+$/.test(what)) return `cat ${what}`;
  throw new InputError({
    what: 'nothing that a node can be asked for',
    value: what,
    valid: [...commands, '/proc/net/ip_vs_stats'],
    next: 'name a file below /proc, or one of the commands',
  });
}
