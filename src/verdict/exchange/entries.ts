import {parseConnections} from '../../ipvs/connections.ts';
import type {ConnectionEntry} from '../../ipvs/types.ts';
import {InputError} from '../../problem.ts';
import type {RunFolder} from '../../run-folder/types.ts';
import {canonical} from '../../topology/ip.ts';
import {CheckDraft} from '../checks.ts';
import {addressOf} from '../hops.ts';
import type {Names} from '../names.ts';
import {readPrinted} from '../printed.ts';
import type {Check} from '../types.ts';
import type {EntryExpectation, StepExpectation} from './types.ts';

type Entries = Extract<StepExpectation, {readonly kind: 'entries'}>;

/** The entries of the director at a step: exactly those that are expected. */
export function checkEntries(
  run: RunFolder,
  director: string,
  {step, text, protocol, entries, proves}: Entries,
  names: Names,
): Check {
  const draft = new CheckDraft(
    `step.${step}.entries`,
    `step ${step}: ${entries.length === 0 ? 'no connection entry' : 'the connection entries'}`,
    proves,
  );
  const place = `${director}: ipvsadm -Lnc at step ${step}`;
  const printed = run.text(director, text);
  const found = readEntries(printed, place);
  if (found === undefined) {
    draft.fail({
      field: 'entry',
      expected: 'a listing of entries',
      actual: printed.split('\n')[0] || 'nothing',
      place,
    });
    return draft.done();
  }
  draft.judge(1 + entries.length);
  const left = [...found];
  for (const entry of entries) {
    const wanted = wordExpected(entry, protocol, names);
    const at = left.findIndex(one => fits(one, entry, wanted));
    if (at >= 0) left.splice(at, 1);
    else
      draft.fail({
        field: 'entry',
        expected: wanted + wordExpiry(entry),
        actual: near(left, wanted) ?? 'no such entry',
        place,
      });
  }
  for (const entry of left)
    draft.fail({field: 'entry', expected: 'no other entry', actual: wordEntry(entry), place});
  return draft.done();
}

/** Whether a listing has exactly these entries. */
export const hasEntries = (
  printed: string,
  entries: readonly EntryExpectation[],
  protocol: string,
  names: Names,
): boolean => {
  const left = [...(readEntries(printed, '') ?? [])];
  if (left.length !== entries.length) return false;
  return entries.every(entry => {
    const wanted = wordExpected(entry, protocol, names);
    const at = left.findIndex(one => fits(one, entry, wanted));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
};

/** What is no listing has no entries either: undefined. */
export function readEntries(
  printed: string,
  place: string,
): readonly ConnectionEntry[] | undefined {
  if (!printed.startsWith('IPVS connection entries')) return undefined;
  return readPrinted(() => parseConnections(printed, place));
}

function fits(
  entry: ConnectionEntry,
  {expires: [least, most] = [0, Number.POSITIVE_INFINITY]}: EntryExpectation,
  wanted: string,
): boolean {
  return wordEntry(entry) === wanted && entry.expires >= least && entry.expires <= most;
}

type Endpoint = ConnectionEntry['client'];

const word = ({address, port}: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const wordEntry = ({protocol, state, client, virtual, destination}: ConnectionEntry): string =>
  [protocol, state, ...[client, virtual, destination].map(wordCanonical)].join(' ');

const wordCanonical = ({address, port}: Endpoint): string =>
  word({address: canonical(address), port});

const wordExpiry = ({expires}: EntryExpectation): string =>
  expires === undefined ? '' : `, expires in ${expires[0]} to ${expires[1]} s`;

function wordExpected(
  {protocol: own, state, client, virtual, server}: EntryExpectation,
  protocol: string,
  names: Names,
): string {
  const ends = [client, virtual, server].map(text => {
    const {address, port} = parseEnd(text);
    return word({address: addressOf(address, 'entries', names), port});
  });
  return [own ?? protocol, state, ...ends].join(' ');
}

/** Reads `CIP:4000` or `[2001:db8::1]:80`. Throws InputError when it is neither. */
export function parseEnd(text: string): Endpoint {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  if (address !== undefined && port !== undefined) return {address, port: Number(port)};
  throw new InputError({
    what: 'not an address and port',
    where: 'entries',
    value: text,
    valid: ['CIP:4000', '[2001:db8::1]:80'],
  });
}

/** An entry of the same ends, whatever its state. */
const near = (entries: readonly ConnectionEntry[], wanted: string): string | undefined => {
  const client = wanted.split(' ')[2];
  const entry = entries.find(one => wordCanonical(one.client) === client);
  return entry === undefined ? undefined : `${wordEntry(entry)}, expires in ${entry.expires} s`;
};
