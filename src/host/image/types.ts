/** One line of a long build: what is done now, what for, and how big it is where that is known. */
export interface Step {
  readonly step: string;
  readonly why: string;
  readonly size?: string | undefined;
}

/** Hears of each step of a build as it begins. Nothing is reported when everything is in the cache. */
export type Progress = (line: Step) => void;

/** A kernel that is ready to boot; all paths are in the cache folder and never change once made. */
export interface GuestKernel {
  /** `uname -r` in the guest. */
  readonly release: string;
  /** The kernel, for QEMU's -kernel. */
  readonly vmlinuz: string;
  /** ext4 image of the module tree, /dev/vdb of the guest, mounted read-only at /lib/modules. */
  readonly modules: string;
  /** For QEMU's -initrd: mounts /dev/vda and /dev/vdb and starts /run/lvslab/init. */
  readonly initrd: string;
}

/** All that QEMU needs to boot a lab host. */
export interface GuestImage {
  /** Changes when anything of the image changes: twelve hexadecimal digits. */
  readonly id: string;
  readonly kernel: GuestKernel;
  /** Raw ext4 image of the guest's root, /dev/vda; many guests share it, so put an overlay or snapshot on it. */
  readonly disk: string;
  /** The Docker image, already in the disk's engine, that nodes are made from. */
  readonly nodeImage: string;
}
