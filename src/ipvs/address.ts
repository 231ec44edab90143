import {InputError} from '../problem.ts';
import {parseAddress, type Address} from '../topology/ip.ts';

/** Only what parses as an address gets into a script. Throws InputError for what does not. */
export function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address !== undefined) return address;
  throw new InputError({what: 'not an address', value: text, next: 'correct the lab'});
}
