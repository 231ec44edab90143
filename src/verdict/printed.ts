import {InputError} from '../problem.ts';

/** The nanoseconds that a node printed (date +%s%N); undefined when it printed none. */
export function timePrinted(text: string): bigint | undefined {
  const word = text.trim();
  return /^\d{19}$/.test(word) ? BigInt(word) : undefined;
}

/** Reads what a node printed, which is evidence: undefined when it is no such listing. */
export function readPrinted<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
