import {wordPlace, type Fault, type Hop, type Way} from './fault.ts';
import {frameAt, holding, withFrames, type Site, type Subject} from './subject.ts';

/** Frames that are missing. */
export function lossFaults(subject: Subject, ways: readonly Way[]): readonly Fault[] {
  const lose = (scope: string, sites: readonly Site[], place: string): Fault => ({
    kind: 'missing',
    scope,
    place,
    loss: true,
    plant: () =>
      withFrames(
        subject,
        sites.map(site => ({...site, become: []})),
      ),
  });
  return ways.flatMap(({hops, delivered}) => {
    const [first] = hops;
    const all = [...hops.flatMap(({sender, receiver}) => [sender, receiver]), ...delivered];
    return [
      ...hops.flatMap(hop => {
        const place = wordPlace(subject, hop.sender, hop);
        return [
          lose('at the sender', [hop.sender], place),
          lose('at the receiver', [hop.receiver], place),
          // On the only link of a way that is everywhere.
          ...(hop.of > 1 ? [lose('at both ends', [hop.sender, hop.receiver], place)] : []),
        ];
      }),
      ...delivered.map(site => lose('where it is unwrapped', [site], wordPlace(subject, site))),
      ...(first === undefined
        ? []
        : [lose('everywhere', all, wordPlace(subject, first.sender, first))]),
    ];
  });
}

/** Frames that are too many. */
export function extraFaults(subject: Subject, ways: readonly Way[]): readonly Fault[] {
  return ways.flatMap(({hops}) =>
    hops.flatMap(hop => {
      const {sender, receiver} = hop;
      const place = wordPlace(subject, sender, hop);
      const twice = (scope: string, sites: readonly Site[]): Fault => ({
        kind: 'seen twice',
        scope,
        place,
        loss: sites.length === 1,
        plant: () =>
          withFrames(
            subject,
            sites.map(site => {
              const frame = frameAt(subject, site);
              return {...site, become: [frame, {...frame, time: frame.time + 7000n}]};
            }),
          ),
      });
      return [
        twice('at the sender', [sender]),
        twice('at the receiver', [receiver]),
        twice('at both ends', [sender, receiver]),
        ...copies(subject, hop, place),
      ];
    }),
  );
}

/** A copy at each interface where the frame does not belong. */
function copies(subject: Subject, hop: Hop, place: string): readonly Fault[] {
  const frame = frameAt(subject, hop.sender);
  return subject.films.flatMap((film, number) => {
    if (number === hop.sender.film || number === hop.receiver.film) return [];
    const link = subject.run.topology.nodes
      .find(({name}) => name === film.node)
      ?.interfaces.find(({name}) => name === film.interface);
    if (link === undefined) return [];
    return [
      {
        kind: 'a copy',
        scope: link.network === hop.network ? 'elsewhere on its network' : 'on another network',
        place: `${place}, at ${film.node} ${film.interface}`,
        loss: false,
        plant: () => {
          const films = subject.films.map((one, i) => {
            if (i !== number) return one;
            const frames = [...one.frames, {...frame, time: frame.time + 7000n}]
              .toSorted((a, b) => Number(a.time - b.time))
              .map((each, index) => ({...each, number: index + 1}));
            return {...one, frames};
          });
          return {...subject, films};
        },
      },
    ];
  });
}

/** Two frames in each other's place: neighbours in one capture, and neighbours of one link at both of its ends. */
export function orderFaults(subject: Subject, ways: readonly Way[]): readonly Fault[] {
  const hops = ways.flatMap(way => way.hops);
  const sites = hops.flatMap(hop => [
    {site: hop.sender, hop},
    {site: hop.receiver, hop},
  ]);
  const inOne = sites.flatMap(({site, hop}) => {
    const next = {...site, index: site.index + 1};
    if (!sites.some(other => isSame(other.site, next))) return [];
    return exchange(subject, [[site, next]], 'in one capture', hop);
  });
  const onLink = hops.flatMap(hop => {
    const next = hops
      .filter(
        ({sender, receiver}) =>
          sender.film === hop.sender.film &&
          receiver.film === hop.receiver.film &&
          sender.index > hop.sender.index,
      )
      .toSorted((a, b) => a.sender.index - b.sender.index)[0];
    return next === undefined
      ? []
      : exchange(
          subject,
          [
            [hop.sender, next.sender],
            [hop.receiver, next.receiver],
          ],
          'at both ends of a link',
          hop,
        );
  });
  return [...inOne, ...onLink];
}

const isSame = (a: Site, b: Site): boolean => a.film === b.film && a.index === b.index;

function exchange(
  subject: Subject,
  pairs: readonly (readonly [Site, Site])[],
  scope: string,
  hop: Hop,
): readonly Fault[] {
  const [first] = pairs;
  if (first === undefined) return [];
  const [a, b] = first.map(site => frameAt(subject, site));
  // Nobody can tell two equal frames apart.
  if (a === undefined || b === undefined || Buffer.from(a.bytes).equals(b.bytes)) return [];
  return [
    {
      kind: 'order: two frames exchanged',
      scope,
      place: wordPlace(subject, first[0], hop),
      loss: pairs.length === 1,
      plant: () =>
        withFrames(
          subject,
          pairs.flatMap(([one, other]) => {
            const [x, y] = [frameAt(subject, one), frameAt(subject, other)];
            return [
              {...one, become: [holding(x, y.bytes)]},
              {...other, become: [holding(y, x.bytes)]},
            ];
          }),
        ),
    },
  ];
}
