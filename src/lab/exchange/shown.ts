import {InputError} from '../../problem.ts';

/** Commands whose output a lab may look at. */
const commands = [
  'ipvsadm -Ln',
  'ipvsadm -Lnc',
  'ipvsadm -Ln --stats --exact',
  'ipvsadm -Ln --timeout',
  'ipvsadm -Ln --rate --exact',
  'conntrack -L',
  'ip route show cache',
  'nstat -az',
] as const;

/** What a lab may look at: its commands, and an example of a file. */
export const shownValid: readonly string[] = [...commands, '/proc/net/ip_vs_stats'];

/** What to do about anything else. */
export const shownNext = 'name a file below /proc, or one of the commands';

/** Whether a node can be asked for it. */
export const canBeShown = (what: string): boolean =>
  commands.some(command => command === what) ||
  /^\/proc(\/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)+$/.test(what);

/** The command by which a node shows it: one of the known ones, or a file below /proc. Throws InputError for others. */
export function commandOf(what: string): string {
  // How many it shows, and so that it ran, conntrack(8) tells on standard error.
  if (what === 'conntrack -L') return `${what} 2>&1`;
  if (canBeShown(what)) return what.startsWith('/proc') ? `cat ${what}` : what;
  throw new InputError({
    what: 'nothing that a node can be asked for',
    value: what,
    valid: shownValid,
    next: shownNext,
  });
}
