import {InputError} from '../problem.ts';
import {quote} from '../quote.ts';

/** Defines `sysctl NAME VALUE` without a fork, for names without dots in their parts; a failure ends the script under `set -e`. */
export const sysctlFunction = [
  'sysctl() {',
  '  knob=; rest=$1.',
  '  while [ -n "$rest" ]; do knob=$knob/${rest%%.*}; rest=${rest#*.}; done',
  `  printf '%s' "$2" >"/proc/sys$knob"`,
  '}',
].join('\n');

/** A script line that sets a sysctl below `net.`, the only ones that belong to a node. Throws InputError for others. */
export function setSysctl(name: string, value: string): string {
  if (/^net(\.[A-Za-z0-9_-]+)+$/.test(name)) return `sysctl ${name} ${quote(value)}`;
  throw new InputError({
    what: 'not a sysctl that a node has for itself',
    value: name,
    valid: ['net.ipv4.…', 'net.ipv6.…', 'net.netfilter.…'],
    next: 'remove it, or set it on the lab host',
  });
}
