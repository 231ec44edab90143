import {execa} from 'execa';

/** How many frames of a capture file tshark's display filter finds. */
export async function countFrames(file: string, filter: string): Promise<number> {
  const {stdout} = await execa('tshark', [
    '-n',
    '-r',
    file,
    '-Y',
    filter,
    '-T',
    'fields',
    '-e',
    'frame.number',
  ]);
  return stdout === '' ? 0 : stdout.split('\n').length;
}
