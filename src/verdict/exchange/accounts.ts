import type {RunFolder} from '../../run-folder/types.ts';
import {arrival} from '../../trace/essence.ts';
import type {Account} from '../account.ts';
import {accountsOfIpvs} from '../agreed.ts';
import {CheckDraft} from '../checks.ts';
import {lengthOf, type Counted} from '../counted.ts';
import {word} from '../endpoint.ts';
import {timePrinted} from '../printed.ts';
import {readEntries} from './entries.ts';
import type {Ledger} from './ledger.ts';
import {entriesOf, keyOf, type Entries} from './openings.ts';
import type {Followed} from './packets.ts';
import {passagesOf, type Passage} from './passages.ts';
import {toldTo} from './told.ts';
import type {ExchangeExpectation} from './types.ts';

/**
 * What IPVS says of itself after an exchange: its services as the lab set them up and changed them, its counters and its entries
 * as the packets show. [] for a run folder that does not say what it was set up with.
 */
export function accountsOfExchange(
  run: RunFolder,
  expectation: ExchangeExpectation,
  followed: readonly Followed[],
  ledger: Ledger,
): readonly Account[] {
  const {director, ipvs} = expectation;
  if (ipvs === undefined) return [];
  const passages = passagesOf(followed, ledger, {
    topology: run.topology,
    director,
    virtuals: new Set(ipvs.virtuals),
    forwards: new Set(
      ipvs.services.flatMap(({realServers}) => realServers.map(({forward}) => forward)),
    ),
  });
  const onePacket = ipvs.services.some(service => service.onePacket);
  const told = toldTo(run, expectation, followed);
  const entries = entriesOf(run, expectation, passages, told, onePacket);
  return [
    ...accountsOfIpvs(run, director, ipvs.services, countedOf(passages, entries)),
    accountOfListed(run, director, entries),
  ];
}

const countedOf = (passages: readonly Passage[], {openings}: Entries): readonly Counted[] => [
  ...passages
    .filter(({counted}) => counted !== 'no')
    .map(passage => ({
      ...common(passage),
      kind: passage.side,
      // What goes out is counted when it has been rewritten.
      bytes:
        passage.bytes ??
        lengthOf(((passage.side === 'out' ? passage.went : undefined) ?? passage.came).any.packet),
      sure: passage.counted === 'yes',
    })),
  ...openings.map(({passage, sure}) => ({
    ...common(passage),
    kind: 'connection' as const,
    bytes: 0,
    sure,
  })),
];

const common = ({came, server}: Passage): Pick<Counted, 'at' | 'server'> => ({
  at: arrival(came),
  server: server ?? 'any',
});

/**
 * The table at the end: no entry but of packets that were seen, or that a sync message told of, each with the real server that got
 * the last one, or that was told, and all that cannot have ended by then.
 */
function accountOfListed(run: RunFolder, node: string, {known, canHaveEnded}: Entries): Account {
  const draft = new CheckDraft(
    'entries',
    `ipvsadm -Lnc on ${node} shows at the end what the packets show`,
  );
  const place = `${node}: ipvsadm -Lnc`;
  const listed = readEntries(run.text(node, 'ipvsadm-Lnc'), place);
  draft.judge();
  if (listed === undefined) {
    draft.fail({field: 'entry', expected: 'a listing of entries', actual: 'no listing', place});
    return {check: draft.done(), doubts: []};
  }
  const doubts: string[] = [];
  const keys = new Set<string>();
  for (const entry of listed)
    for (const key of keyOf(entry)) {
      draft.judge();
      keys.add(key);
      const one = known.get(key);
      const client = `${word(entry.client)} to ${word(entry.virtual)}`;
      const server = one?.server;
      if (one === undefined)
        doubts.push(`${place} has an entry of ${client}, of which no capture has a packet`);
      else if (server !== undefined && word(server) !== word(entry.destination))
        draft.fail({
          field: 'entry.destination',
          expected: word(server),
          actual: word(entry.destination),
          place: `${place}, ${client}`,
        });
    }
  const read = timePrinted(run.text(node, 'ipvsadm-Lnc-at'));
  if (read === undefined) return {check: draft.done(), doubts};
  for (const [key, one] of known) {
    if (one.there !== 'yes' || keys.has(key)) continue;
    if (canHaveEnded(one, read, Number.POSITIVE_INFINITY)) continue;
    const {source, sourcePort} = one.tuple;
    draft.fail({
      field: 'entry',
      expected: `an entry of ${word({address: source, port: sourcePort})}`,
      actual: 'no entry',
      place,
    });
  }
  return {check: draft.done(), doubts};
}
