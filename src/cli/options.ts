import {Option} from 'commander';
import {InputError, nearest} from '../problem.ts';

/** `--format table|json`. */
export const formatOption = (): Option =>
  oneOf(new Option('--format <form>', 'how to print the result'), ['table', 'json']).default(
    'table',
  );

/** What a report can be printed as. */
export const reportForms = ['table', 'json', 'junit', 'ktap'] as const;
export type ReportForm = (typeof reportForms)[number];

/** `--format table|json|junit|ktap`. */
export const reportOption = (): Option =>
  oneOf(new Option('--format <form>', 'how to print the report'), reportForms).default('table');

/** `--missing skip|error`. */
export const missingOption = (): Option =>
  oneOf(new Option('--missing <what>', 'labs that need what the kernel lacks: skip, or error'), [
    'skip',
    'error',
  ]).default('skip');

/** `--modules DIR`. */
export const modulesOption = (): Option =>
  new Option(
    '--modules <folder>',
    'where lib/modules/VERSION of a --kernel ./bzImage is; default its build tree, else this machine',
  );

/** `--kernel a,b --kernel c`, for what is run on several. */
export const kernelsOption = (): Option =>
  new Option('--kernel <kernels>', 'several, as 5.10,6.1,./linux; may be repeated')
    .default([], 'none')
    .argParser((text: string, before: readonly string[]) => [
      ...before,
      ...text.split(',').filter(word => word !== ''),
    ]);

/** `--host guest|engine`. */
export const hostOption = (): Option =>
  oneOf(
    new Option(
      '--host <kind>',
      'guest: a virtual machine of our own; engine: DOCKER_HOST or the local Docker',
    ),
    ['guest', 'engine'],
  ).default('guest');

/** `--kernel VERSION`. */
export const kernelOption = (): Option =>
  new Option('--kernel <kernel>', "the guest's: 6.1, a release, ./bzImage, ./linux").default('6.1');

/** `--labs FOLDER`, beside the labs that come with lvslab. */
export const labsOption = (): Option =>
  repeated(new Option('--labs <folder>', 'a folder with labs of your own; may be repeated'));

/** `--topologies FOLDER`, beside the topologies that come with lvslab. */
export const topologiesOption = (): Option =>
  repeated(
    new Option('--topologies <folder>', 'a folder with topologies of your own; may be repeated'),
  );

/** Not `<folder...>`, which would take the labs that follow for folders. */
const repeated = (option: Option): Option =>
  option
    .default([], 'none')
    .argParser((folder: string, before: readonly string[]) => [...before, folder]);

/** An option that takes one of a few words. */
const oneOf = (option: Option, words: readonly string[]): Option =>
  option.choices(words).argParser((word: string) => {
    if (words.includes(word)) return word;
    const meant = nearest(word, words);
    throw new InputError({
      what: 'this value is not valid here',
      where: nameOf(option),
      value: word,
      valid: words,
      next: meant === undefined ? 'use one of the valid values' : `did you mean "${meant}"?`,
    });
  });

/** An option that takes a whole number of at least `least`. */
export const wholeNumber = (option: Option, least: number): Option =>
  option.argParser((text: string) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least) return value;
    throw new InputError({
      what: 'this value is not a number that is valid here',
      where: nameOf(option),
      value: text,
      valid: [`a whole number of at least ${least}`],
      next: 'correct it, or leave the option out',
    });
  });

/** An option may be set by its flag or by its variable: an error names both. */
const nameOf = ({long, envVar}: Option): string =>
  [long, envVar].filter(name => name !== undefined && name !== null).join(' or ');
