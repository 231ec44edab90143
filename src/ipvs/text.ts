import {InputError} from '../problem.ts';
import {parseAddress} from '../topology/ip.ts';
import {protocols, type Protocol} from './types.ts';

/** A word of a text, with its place: line and column count from 1. */
export interface Word {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** The words of each line that has some; `where` names the text in errors. */
export function wordsOf(text: string): readonly (readonly Word[])[] {
  return text
    .split('\n')
    .map((content, index) =>
      [...content.matchAll(/\S+/g)].map(match => ({
        text: match[0],
        line: index + 1,
        column: match.index + 1,
      })),
    )
    .filter(words => words.length > 0);
}

/** An error at a word: `ipvsadm -Ln:3:5: not an address and port`. */
export const badWord = (
  where: string,
  word: Word,
  what: string,
  valid?: readonly string[],
): InputError =>
  new InputError({
    what,
    where: `${where}:${word.line}:${word.column}`,
    value: word.text,
    valid,
    next: 'give the output of ipvsadm with -n, unchanged',
  });

/** Takes the words of one line one after the other. */
export class Line {
  readonly #where: string;
  readonly #words: readonly Word[];
  #next = 0;

  constructor(where: string, words: readonly Word[]) {
    this.#where = where;
    this.#words = words;
  }

  get rest(): number {
    return this.#words.length - this.#next;
  }

  /** Takes the next word if it is `text`. */
  takes(text: string): boolean {
    const found = this.#words[this.#next]?.text === text;
    if (found) this.#next += 1;
    return found;
  }

  /** Takes the next word. Throws InputError when the line has ended; `what` says what should have come. */
  word(what: string): Word {
    const word = this.#words[this.#next];
    const last = this.#words.at(-1) ?? {text: '', line: 1, column: 1};
    if (word === undefined)
      throw badWord(
        this.#where,
        {text: '(end of line)', line: last.line, column: last.column + last.text.length},
        `missing ${what}`,
      );
    this.#next += 1;
    return word;
  }

  /** Takes a word that `read` understands. Throws InputError naming its place otherwise. */
  read<T>(what: string, read: (text: string) => T | undefined, valid?: readonly string[]): T {
    const word = this.word(what);
    const value = read(word.text);
    if (value === undefined) throw badWord(this.#where, word, `not ${what}`, valid);
    return value;
  }

  /** Throws InputError when words are left. */
  end(): void {
    const word = this.#words[this.#next];
    if (word !== undefined) throw badWord(this.#where, word, 'not understood');
  }
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** `198.51.100.80:80` or `[2001:db8::80]:80`; without a port it is 0, as real servers of a firewall mark may be given. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match =
    /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:[\]]+)(?::(\d+))?$/.exec(text) ?? undefined;
  const address = match?.[1] === undefined ? undefined : parseAddress(match[1]);
  const port = Number(match?.[2] ?? 0);
  const bracketed = text.startsWith('[');
  return address === undefined || port > 65535 || (address.family === 'v6') !== bracketed
    ? undefined
    : {address: address.text, port};
}

export const formatEndpoint = ({address, port}: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** A decimal number that fits 53 bits. */
export const parseCount = (text: string): number | undefined =>
  /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** `TCP` as listings have it. */
export const parseProtocol = (text: string): Protocol | undefined =>
  protocols.find(protocol => protocol.toUpperCase() === text);
