import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {loadLab} from '../../../src/lab/load.ts';
import {InputError, type Problem} from '../../../src/problem.ts';
import {temporary} from './temporary.ts';

/** The problems for which a lab file is refused, with places as `line:column`, or as they are in other files. */
export async function refusal(t: ExecutionContext, text: string): Promise<readonly Problem[]> {
  const file = join(temporary(t, {'mine.ts': text}), 'mine.ts');
  const error = await t.throwsAsync(loadLab('mine', new Map([['mine', file]])), {
    instanceOf: InputError,
  });
  return error.problems.map(problem => ({
    ...problem,
    where: problem.where?.startsWith(`${file}:`)
      ? problem.where.slice(file.length + 1)
      : problem.where?.replace(file, 'mine.ts'),
  }));
}
