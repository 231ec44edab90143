import {$} from 'zx';

/** How many frames of a capture file tshark's display filter finds. */
export async function countFrames(file: string, filter: string): Promise<number> {
  const found = await $`tshark -n -r ${file} -Y ${filter} -T fields -e frame.number`.quiet();
  return found.stdout.split('\n').filter(line => line !== '').length;
}
