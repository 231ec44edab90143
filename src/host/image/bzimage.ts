import {closeSync, openSync, readSync} from 'node:fs';
import {InputError} from '../../problem.ts';

/** Where the set-up header says `HdrS`, and where it has the place of the version string. */
const magicAt = 0x202;
const versionAt = 0x20e;
/** The version string's place is counted from here. */
const setupStart = 0x200;
/** The set-up code, in which the string stands, has at most 64 sectors and the boot sector. */
const longestSetup = 65 * 512;

/**
 * The release (`uname -r`) of a bzImage: the first word of the version string to which its header points (kernel,
 * Documentation/arch/x86/boot.rst, kernel_version at 0x20e, protocol 2.00 and newer). Throws InputError for a file that
 * cannot be read or is no bzImage.
 */
export function releaseOfBzImage(file: string): string {
  const bytes = start(file);
  const pointer = bytes.length > versionAt + 2 ? bytes.readUInt16LE(versionAt) : 0;
  const isKernel = bytes.subarray(magicAt, magicAt + 4).toString('latin1') === 'HdrS';
  const from = pointer + setupStart;
  const text = isKernel && pointer > 0 ? bytes.subarray(from, from + 256).toString('latin1') : '';
  const release = /^[\w.+~-]+(?=[ \0])/.exec(text)?.[0];
  if (release !== undefined) return release;
  throw new InputError({
    what: isKernel ? 'the bzImage does not name its release' : 'not a bzImage',
    where: file,
    valid: ['a file such as arch/x86/boot/bzImage or /boot/vmlinuz-VERSION (x86, not vmlinux)'],
    next: 'give the bzImage, or the build tree that has it',
  });
}

function start(file: string): Buffer {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(longestSetup + setupStart);
      return bytes.subarray(0, readSync(descriptor, bytes));
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new InputError(
      {
        what: 'the kernel cannot be read',
        where: file,
        value: error instanceof Error ? error.message : String(error),
        next: 'check the path',
      },
      error,
    );
  }
}
