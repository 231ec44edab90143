import type Docker from 'dockerode';
import type {CapabilityName} from './capabilities.ts';

/** What the lab host's kernel is and can do: probed, never assumed from its version. */
export interface KernelFacts {
  /** `uname -r`. */
  readonly release: string;
  /** What it has of all that is asked. */
  readonly has: readonly CapabilityName[];
  /** `net.ipv4.vs.conntrack`, ... */
  readonly sysctls: readonly string[];
}

/** A Docker engine on a known kernel; all that the layers above see of where labs run. */
export interface LabHost extends AsyncDisposable {
  readonly kind: 'guest' | 'engine';
  /** `kvm`, `tcg`, or `native` on a user's own engine. */
  readonly accelerator: string;
  readonly engine: Docker;
  readonly kernel: KernelFacts;
  /** The image that nodes are made from. */
  readonly nodeImage: string;
  /** Containers of this topology are already running (a topology template was restored). */
  readonly deployed: string | undefined;
  /** Lines of the host's kernel log that tell of an oops, a warning or a hung task; [] where unreadable. */
  kernelTrouble(): Promise<readonly string[]>;
  close(): Promise<void>;
}
