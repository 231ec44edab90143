import {InputError} from '../../problem.ts';
import {kernelNode} from '../kernel-shell.ts';

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

/** Those that the kernel has for IPVS to estimate rates, a line each: `ipvs-e:0:0 nice 0 cpus 0-1` (proc(5), stat and status). */
const estimators = 'estimator threads';
const estimatorScript = [
  'for task in /proc/[0-9]*; do',
  '  read -r name <$task/comm || continue',
  '  case $name in ipvs-e:*) ;; *) continue ;; esac',
  `  nice=$(sed 's/.*) //' $task/stat | cut -d ' ' -f 17)`,
  `  cpus=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' $task/status)`,
  '  echo "$name nice $nice cpus $cpus"',
  'done 2>/dev/null',
].join('\n');

/** What a lab may look at: its commands, and an example of a file. */
export const shownValid: readonly string[] = [...commands, estimators, '/proc/net/ip_vs_stats'];

/** What to do about anything else. */
export const shownNext = 'name a file below /proc, or one of the commands';

/** Whether a node can be asked for it. */
export const canBeShown = (what: string): boolean =>
  [...commands, estimators].some(command => command === what) ||
  /^\/proc(\/[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)+$/.test(what);

/** Whom to ask for it, where the node cannot tell: a node does not see the threads of its kernel. */
export const askedFor = (what: string): string | undefined =>
  what === estimators ? kernelNode : undefined;

/** The command by which a node shows it: one of the known ones, or a file below /proc. Throws InputError for others. */
export function commandOf(what: string): string {
  // How many it shows, and so that it ran, conntrack(8) tells on standard error.
  if (what === 'conntrack -L') return `${what} 2>&1`;
  if (what === estimators) return estimatorScript;
  if (canBeShown(what)) return what.startsWith('/proc') ? `cat ${what}` : what;
  throw new InputError({
    what: 'nothing that a node can be asked for',
    value: what,
    valid: shownValid,
    next: shownNext,
  });
}
