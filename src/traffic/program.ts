import {readFileSync} from 'node:fs';
import {nodeFolder} from '../nodes/http.ts';
import {quote} from '../quote.ts';

/** Where the programs keep what they need in a node. */
export const trafficFolder = `${nodeFolder}/traffic`;

/** A command that runs a program of inside/ in a node: it comes with the command, so nodes need perl and nothing else. */
export function program(
  name: 'client' | 'hold' | 'server' | 'wire',
  words: readonly string[],
): string {
  const text = [name, ...(name === 'client' ? ['held'] : [])]
    .map(file => readFileSync(new URL(`inside/${file}.pl`, import.meta.url), 'utf8'))
    .join('');
  return ['perl', '-e', text, '--', ...words]
    .map((word, index) => (index === 0 ? word : quote(word)))
    .join(' ');
}
