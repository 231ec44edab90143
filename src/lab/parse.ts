import type {z} from 'zod';
import {InputError, nearest, type Problem} from '../problem.ts';
import {property} from './import.ts';
import {locate} from './locate.ts';

/** What a lab file states, by its schema. Throws one InputError with all that is wrong, each at its place in the file. */
export function parse<T>(schema: z.ZodType<T>, spec: unknown, file: string, source: string): T {
  const result = schema.safeParse(spec, {reportInput: true});
  if (result.success) return result.data;
  throw new InputError(result.error.issues.flatMap(issue => problemsOf(issue, file, source)));
}

function problemsOf(issue: z.core.$ZodIssue, file: string, source: string): Problem[] {
  const path = issue.path.map(String);
  const values = issue.code === 'unrecognized_keys' ? issue.keys : [printable(inputOf(issue))];
  const valid = validOf(issue);
  return values.map(value => {
    const meant = value !== undefined && valid !== undefined ? nearest(value, valid) : undefined;
    return {
      what: `${wordIssue(issue)} (${['lab', ...path].join('.')})`,
      where: locate(file, source, path, value),
      value,
      valid,
      next: meant === undefined ? 'src/lab/types.ts has the form' : `did you mean "${meant}"?`,
    };
  });
}

function wordIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'unknown key';
  if (validOf(issue) !== undefined) return 'unknown value';
  if (issue.code === 'invalid_type')
    return `${issue.input === undefined ? 'missing: ' : ''}expected ${issue.expected}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  return issue.message;
}

/** The bad value: of things that are told apart by one key, that key's. */
const inputOf = (issue: z.core.$ZodIssue): unknown =>
  issue.code === 'invalid_union' && issue.discriminator !== undefined
    ? property(issue.input, issue.discriminator)
    : issue.input;

function validOf(issue: z.core.$ZodIssue): readonly string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  const valid: unknown =
    issue.code === 'custom'
      ? issue.params?.['valid']
      : issue.code === 'invalid_union' && 'options' in issue
        ? issue.options
        : undefined;
  return Array.isArray(valid) ? valid.map(String) : undefined;
}

const printable = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
