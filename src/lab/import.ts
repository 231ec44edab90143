import {register} from 'node:module';
import {pathToFileURL} from 'node:url';
import {InputError} from '../problem.ts';

let hooked = false;

/**
 * The default export of a lab file, wherever it lies. Throws InputError, at `file:line:column` where that is known, for
 * a file that is no module, or that throws.
 */
export async function importDefault(file: string): Promise<unknown> {
  if (!hooked) register(new URL('hooks.mjs', import.meta.url));
  hooked = true;
  try {
    const module: unknown = await import(pathToFileURL(file).href);
    return property(module, 'default');
  } catch (error) {
    throw new InputError({what: 'the lab file cannot be loaded', ...placeOf(error, file)}, error);
  }
}

/** A property of whatever a lab file exports. */
export const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

function placeOf(error: unknown, file: string): {where: string; value: string; next: string} {
  const next = 'mend the file, then: lvslab validate';
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.slice(stack.indexOf(file));
  const place = at.startsWith(file) ? /^:(\d+)(?::(\d+))?/.exec(at.slice(file.length)) : null;
  if (place === null) return {where: file, value: message, next};
  const [, line, column = '1'] = place;
  // The compiler of TypeScript counts columns from 0 and puts the place into the message.
  const compiler = /: ERROR: (.*)/.exec(message);
  return {
    where: `${file}:${line}:${compiler === null ? column : Number(column) + 1}`,
    value: compiler?.[1] ?? message,
    next,
  };
}
