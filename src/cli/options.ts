import {InvalidArgumentError, Option} from 'commander';

/** `--format table|json`. */
export const formatOption = (): Option =>
  new Option('--format <form>', 'how to print the result')
    .choices(['table', 'json'])
    .default('table')
    .env('LVSLAB_FORMAT');

/** `--host guest|engine`. */
export const hostOption = (): Option =>
  new Option(
    '--host <kind>',
    'guest: a virtual machine of our own; engine: DOCKER_HOST or the local Docker',
  )
    .choices(['guest', 'engine'])
    .default('guest')
    .env('LVSLAB_HOST');

/** `--kernel VERSION`. */
export const kernelOption = (): Option =>
  new Option('--kernel <version>', "the guest's kernel").default('6.1').env('LVSLAB_KERNEL');

/** `--labs FOLDER`, beside the labs that come with lvslab. */
export const labsOption = (): Option =>
  new Option('--labs <folder...>', 'folders with labs of your own').default([]).env('LVSLAB_LABS');

/** `--topologies FOLDER`, beside the topologies that come with lvslab. */
export const topologiesOption = (): Option =>
  new Option('--topologies <folder...>', 'folders with topologies of your own')
    .default([])
    .env('LVSLAB_TOPOLOGIES');

/** Reads a whole number of at least `least` from a flag. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least)) throw new InvalidArgumentError(`a whole number of at least ${least}`);
    return value;
  };
