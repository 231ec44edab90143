/** What differs between kernels: compile-time sizes, a sysctl, and one rule that changed. */
export interface KernelFacts {
  /** CONFIG_IP_VS_SH_TAB_BITS, 4 to 20: sh has 2 to the power of this buckets. */
  readonly shBits: number;
  /** The same of dh, which no kernel configuration asks for. */
  readonly dhBits: number;
  /** CONFIG_IP_VS_MH_TAB_INDEX, 8 to 17: which prime is the size of mh's table. */
  readonly mhIndex: number;
  /** Seconds: sysctl net.ipv4.vs.lblcr_expiration. */
  readonly lblcrExpiration: number;
  /**
   * What `ipvsadm -e` does to a server's overload. `raised`: it ends when the upper threshold is raised or removed, and
   * never begins. `recomputed`: changed thresholds are compared with the connections at once, a fix of 2026 that stable
   * kernels have too (ip_vs_dest_update_overload). Seen on Debian's 6.1.0-56 and 7.3.4: recomputed. Ask the kernel, not
   * its version.
   */
  readonly overloadOnEdit: 'raised' | 'recomputed';
}

/** The defaults of the kernel's Kconfig and sources, which Debian's kernels keep. */
export const usualKernel: KernelFacts = {
  shBits: 8,
  dhBits: 8,
  mhIndex: 12,
  lblcrExpiration: 24 * 60 * 60,
  overloadOnEdit: 'recomputed',
};
