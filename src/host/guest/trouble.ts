/** What the agent writes to the kernel log after a restore: older lines are the template's. */
const restored = 'lvslab: restored';

/** Prints the kernel log, for `exec`. */
export const kernelLogCommand = 'dmesg --notime 2>/dev/null || dmesg';

/**
 * Faults of the kernel. Not here, on purpose: soft lockups, RCU stalls and clock source remarks, which emulation on a busy machine
 * causes in a sound kernel (and whose watchdogs are off, see qemu.ts).
 */
const faults =
  /\b(BUG:|Oops\b|kernel BUG at|WARNING: (CPU|possible)|general protection fault|Call Trace:|RIP: |Kernel panic|refcount_t:|blocked for more than \d+ seconds|unregister_netdevice: waiting|Out of memory:|double free|list_(add|del) corruption|KASAN:|UBSAN:)/;
const emulationNoise = /soft lockup|rcu.*stall|clocksource|watchdog/i;

/** The lines of a kernel log since the last restore that tell of a fault. */
export function findTrouble(log: string): readonly string[] {
  const lines = log.split('\n');
  return lines
    .slice(lines.findLastIndex(line => line.includes(restored)) + 1)
    .filter(line => faults.test(line) && !emulationNoise.test(line))
    .map(line => line.trim());
}
