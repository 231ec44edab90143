import test from 'ava';
import type {RunRecord} from '../../src/run-folder/types.ts';
import {presenceAt, type Certainty, type Level} from '../../src/verdict/presence.ts';
import {goodRun} from '../support/good-run.ts';

const made = goodRun('dr');
const rip = made.address('RIP1');
const server = {address: rip, port: 80, forward: 'droute', weight: 1} as const;
type Past = Partial<Pick<RunRecord, 'events' | 'cleared' | 'serving'>>;

/** What is so at each of the times 1, 3, 5 ... 15. */
const presences = test.macro((t, past: Past, wanted: Record<Level, string>) => {
  const folder = made.folder();
  const presence = presenceAt({...folder, record: {...folder.record, ...past}}, 'director');
  const letters: Readonly<Record<Certainty, string>> = {sure: 's', maybe: 'm', never: '-'};
  for (const level of ['all', 'services', 'realServers'] as const)
    t.is(
      [1n, 3n, 5n, 7n, 9n, 11n, 13n, 15n].map(at => letters[presence(level, rip, at)]).join(''),
      wanted[level],
      level,
    );
});
const event = (
  kind: 'add' | 'remove' | 'edit',
  from: number | undefined,
  at: number,
  node = 'director',
) => ({
  at: String(at),
  ...(from === undefined ? {} : {from: String(from)}),
  node,
  edit: {kind, server},
});

test(
  'without changes all is counted',
  presences,
  {},
  {
    all: 'ssssssss',
    services: 'ssssssss',
    realServers: 'ssssssss',
  },
);
test(
  'another weight changes nothing',
  presences,
  {events: [event('edit', 4, 6)]},
  {
    all: 'ssssssss',
    services: 'ssssssss',
    realServers: 'ssssssss',
  },
);
test(
  'what another director does changes nothing',
  presences,
  {events: [event('remove', 4, 6, 'other')]},
  {
    all: 'ssssssss',
    services: 'ssssssss',
    realServers: 'ssssssss',
  },
);
test(
  'who is taken out counts up to then, and is listed no more',
  presences,
  {events: [event('remove', 4, 6)]},
  {
    all: 'ssmmmmmm',
    services: 'ssmmmmmm',
    realServers: 'mmmmmmmm',
  },
);
test(
  'who is put back counts again, with what it had or without',
  presences,
  {events: [event('remove', 4, 6), event('add', 10, 12)]},
  {all: 'ssmmmmss', services: 'ssmmmmss', realServers: 'mmmmmmss'},
);
test(
  'whom keepalived takes out is so from when its server stopped',
  presences,
  {
    events: [event('remove', undefined, 10)],
    serving: [{node: 'rs1', up: false, from: '6', to: '8'}],
  },
  {all: 'sssmmmmm', services: 'sssmmmmm', realServers: 'mmmmmmmm'},
);
test(
  'services that are set up anew begin from 0, and real servers may',
  presences,
  {cleared: [{node: 'director', from: '6', to: '10'}]},
  {all: 'sssmmsss', services: '---mmsss', realServers: 'mmmmmsss'},
);
