import type {ServerSettings} from '../../../../../src/ipvs/scheduler/types.ts';
import type {ModelledService} from '../../../../../src/ipvs/scheduler/world.ts';
import type {Protocol, ServiceKey} from '../../../../../src/ipvs/types.ts';

type Family = 'v4' | 'v6';

/** A change of the service. */
export interface Change {
  readonly kind: 'add' | 'edit' | 'remove';
  readonly server: ServerSettings;
}

/** A service of its own, and what is done to it: in each phase first the changes, then connections. */
export interface Case {
  readonly title: string;
  readonly family: Family;
  readonly protocol: Protocol;
  readonly service: ModelledService;
  /** One address, or a run of them behind a firewall mark. */
  readonly destinations: {readonly prefix: string; readonly first: number; readonly count: number};
  readonly port: number;
  readonly phases: readonly {readonly changes: readonly Change[]; readonly open: number}[];
}

const prefix = {v4: '203.0.113.', v6: '2001:db8:3::'} as const;

/** Real servers that do not exist, so that no answer changes a connection. */
const server = (
  family: Family,
  last: number,
  port: number,
  weight: number,
  thresholds: Pick<ServerSettings, 'upperThreshold' | 'lowerThreshold'> = {},
) => ({address: `${prefix[family]}${last}`, port, weight, ...thresholds});

interface Wish {
  readonly scheduler: string;
  readonly flags?: readonly string[];
  readonly family?: Family;
  readonly protocol?: Protocol;
  readonly weights?: readonly number[];
  readonly manyDestinations?: boolean;
  readonly open?: number;
  readonly note?: string;
  readonly upper?: readonly number[];
}

let made = 0;

/** The same story for every scheduler: connections; quiesce and reweigh; add and remove. */
function story(wish: Wish): Case {
  const {scheduler, flags = [], family = 'v4', protocol = 'tcp', open = 40} = wish;
  const {weights = [3, 1, 2, 5], manyDestinations = false, upper = []} = wish;
  made += 1;
  const port = manyDestinations ? 0 : 8000 + made;
  const real = weights.map((weight, i) =>
    server(family, 101 + i, port, weight, upper[i] === undefined ? {} : {upperThreshold: upper[i]}),
  );
  const key: ServiceKey = manyDestinations
    ? {kind: 'fwmark', mark: made, family}
    : {
        kind: 'address',
        protocol,
        address: family === 'v4' ? '198.51.100.80' : '2001:db8:2::80',
        port,
      };
  const [first, second] = real;
  if (first === undefined || second === undefined) throw new Error('a case needs two servers');
  return {
    title: [family, protocol, scheduler, ...flags, weights.join(':'), wish.note ?? '']
      .join(' ')
      .trim(),
    family,
    protocol,
    service: {
      key,
      scheduler,
      flags,
      realServers: real.map(one => ({...one, forward: 'masq' as const})),
    },
    destinations: manyDestinations
      ? {prefix: family === 'v4' ? `198.18.${made}.` : `2001:db8:b:${made}::`, first: 10, count: 40}
      : {prefix: family === 'v4' ? '198.51.100.' : '2001:db8:2::', first: 80, count: 1},
    port: manyDestinations ? 8000 + made : port,
    phases: [
      {changes: [], open},
      {
        changes: [
          {kind: 'edit', server: {...first, weight: 0}},
          {kind: 'edit', server: {...second, weight: 9}},
        ],
        open,
      },
      {
        changes: [
          {kind: 'remove', server: second},
          {kind: 'add', server: server(family, 120, port, 2)},
          {kind: 'edit', server: first},
        ],
        open,
      },
    ],
  };
}

const plain = ['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq', 'fo', 'ovf'];

/** Thresholds edited below, above and at the number of connections: kernels differ in what this does. */
export const thresholdEdits = (): Case => {
  const base = story({scheduler: 'rr', weights: [1, 1, 1], open: 30, note: 'thresholds edited'});
  const [first, second, third] = base.service.realServers;
  if (first === undefined || second === undefined || third === undefined) return base;
  const edit = (one: ServerSettings, upperThreshold: number, lowerThreshold = 0): Change => ({
    kind: 'edit',
    server: {...one, upperThreshold, lowerThreshold},
  });
  return {
    ...base,
    phases: [
      {changes: [], open: 30},
      {changes: [edit(first, 5), edit(second, 30, 20)], open: 12},
      {changes: [edit(first, 12), edit(third, 17)], open: 12},
    ],
  };
};

/** All cases but `thresholdEdits`; each has addresses, ports or marks of its own. */
export const cases = (): readonly Case[] => {
  made = 100;
  return [
    ...plain.map(scheduler => story({scheduler})),
    ...plain.map(scheduler => story({scheduler, upper: [9, 0, 20, 4], note: 'thresholds'})),
    ...['lc', 'wlc', 'nq', 'ovf', 'sed'].map(scheduler => story({scheduler, protocol: 'udp'})),
    story({scheduler: 'wrr', weights: [12, 18, 6, 30]}),
    story({scheduler: 'wrr', weights: [1, 7, 7]}),
    story({scheduler: 'rr', family: 'v6'}),
    story({scheduler: 'wlc', family: 'v6'}),
    ...(['v4', 'v6'] as const).flatMap(family => [
      ...[[], ['sh-port'], ['sh-fallback'], ['sh-port', 'sh-fallback']].map(flags =>
        story({scheduler: 'sh', flags, family, upper: [0, 0, 6], open: 70}),
      ),
      ...[[], ['mh-port'], ['mh-fallback'], ['mh-port', 'mh-fallback']].map(flags =>
        story({scheduler: 'mh', flags, family, upper: [0, 0, 6], open: 70}),
      ),
      ...['dh', 'lblc', 'lblcr'].map(scheduler =>
        story({scheduler, family, manyDestinations: true, open: 70}),
      ),
    ]),
    story({scheduler: 'mh', weights: [700, 65535, 1300, 1], open: 70}),
    story({scheduler: 'sh', weights: [300, 10, 10], open: 70}),
    story({scheduler: 'lblc', weights: [1, 1, 6, 9], open: 40}),
    story({scheduler: 'lblcr', weights: [1, 1, 6, 9], open: 40}),
    story({scheduler: 'mh', protocol: 'udp', flags: ['mh-port'], open: 70}),
  ];
};
