import {InputError} from './problem.ts';

/** A text as one word of a POSIX shell script, whatever is in it (XCU 2.2.2, single quotes). Throws InputError on NUL. */
export function quote(text: string): string {
  if (text.includes('\0'))
    throw new InputError({
      what: 'a text for a shell holds a NUL character, which no shell word can hold',
      value: JSON.stringify(text),
      next: 'remove the character',
    });
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
