import type {z} from 'zod';
import {InputError, nearest, type Problem} from '../problem.ts';
import {locate} from './locate.ts';

/** What a lab file states, by its schema. Throws one InputError with all that is wrong, each at its place in the file. */
export function parse<T>(schema: z.ZodType<T>, spec: unknown, file: string, source: string): T {
  const result = schema.safeParse(spec, {reportInput: true});
  if (result.success) return result.data;
  throw new InputError(result.error.issues.map(issue => problemOf(issue, file, source)));
}

function problemOf(issue: z.core.$ZodIssue, file: string, source: string): Problem {
  const path = issue.path.map(String);
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const value = keys[0] ?? printable(issue.input);
  const valid = validOf(issue);
  const meant = value !== undefined && valid !== undefined ? nearest(value, valid) : undefined;
  return {
    what: `${issue.message} (${['lab', ...path].join('.')})`,
    where: locate(file, source, path, value),
    value,
    valid,
    next: meant === undefined ? 'src/lab/types.ts has the form' : `did you mean "${meant}"?`,
  };
}

function validOf(issue: z.core.$ZodIssue): readonly string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  const valid: unknown = issue.code === 'custom' ? issue.params?.['valid'] : undefined;
  return Array.isArray(valid) ? valid.map(String) : undefined;
}

const printable = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
