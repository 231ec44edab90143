import {InputError} from '../problem.ts';

/** Reads what a node printed, which is evidence: undefined when it is no such listing. */
export function readPrinted<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
