import type {Path} from '../trace/types.ts';
import type {Topology} from '../topology/types.ts';
import {InputError} from '../problem.ts';
import type {Connection} from './connections.ts';
import {addressPairs, chosenServer, completeHops, parsePair, type Hop, type Pair} from './hops.ts';
import type {Names} from './names.ts';
import {messageIn, quotable, quoteIn, quotes} from './quotes.ts';
import type {ErrorExpectation} from './types.ts';
import type {Crossing} from '../trace/types.ts';

/** A hop of an ICMP error, with what it quotes. */
export interface ErrorHop extends Hop {
  readonly quotes: {readonly ip: readonly Pair[]; readonly ports: Pair | undefined};
}

/** An ErrorExpectation with everything that its hops took over from the hop before. */
export interface ErrorRule {
  readonly expected: ErrorExpectation;
  readonly hops: readonly ErrorHop[];
}

/** An ICMP error of a connection, the rule that it must follow and the packet that it quotes, where there are such. */
export interface FoundError {
  readonly connection: Connection;
  readonly path: Path;
  readonly rule: ErrorRule | undefined;
  readonly quoted: {readonly path: Path; readonly crossing: Crossing} | undefined;
}

/** Completes the rules. Throws InputError for a first hop that does not say what is quoted, and for unknown names. */
export const completeErrors = (
  expected: readonly ErrorExpectation[],
  topology: Topology,
  names: Names,
): readonly ErrorRule[] =>
  expected.map((error, i) => {
    const where = `error ${i + 1}`;
    let before: ErrorHop['quotes'] | undefined;
    const hops = completeHops(error.of, error.path, topology, names).map((hop, at): ErrorHop => {
      const given = error.path[at]?.quotes;
      if (given === undefined && before === undefined)
        throw new InputError({
          what: 'the first hop of an ICMP error must say what it quotes',
          where,
          value: error.path[at]?.link ?? '',
          valid: ["quotes: {ip: 'CIP > VIP', ports: 'CPORT > 80'}"],
        });
      const quoted = {
        ip: given === undefined ? (before?.ip ?? []) : addressPairs(given.ip, where, names),
        ports: given?.ports === undefined ? before?.ports : parsePair(given.ports, where),
      };
      before = quoted;
      return {...hop, quotes: quoted};
    });
    return {expected: error, hops};
  });

/** The ICMP errors of connections: a rule is for those of its type, code and maker, and of such rules that with its MTU. */
export const findErrors = (
  connections: readonly Connection[],
  rules: readonly ErrorRule[],
): readonly FoundError[] =>
  connections.flatMap(connection =>
    connection.flow.errors.map((path): FoundError => {
      const first = path.crossings[0];
      const message = first === undefined ? undefined : messageIn(first.any.packet);
      const fitting = rules.filter(({expected, hops: [hop]}) => {
        const maker =
          hop?.link.source === chosenServer ? connection.server?.node : hop?.link.source;
        return (
          expected.type === message?.type &&
          expected.code === message.code &&
          path.origin !== undefined &&
          maker === path.origin
        );
      });
      const rule = fitting.find(({expected: {mtu = 0}}) => mtu === message?.rest) ?? fitting.at(0);
      return {
        connection,
        path,
        rule,
        quoted: rule === undefined ? undefined : quotedBy(path, connection[rule.expected.of]),
      };
    }),
  );

/** The packet that came to the maker of the error and that the error quotes. */
function quotedBy(error: Path, paths: readonly Path[]): FoundError['quoted'] {
  const first = error.crossings[0];
  const quote = first === undefined ? undefined : quoteIn(first.any);
  if (quote === undefined) return undefined;
  for (const path of paths)
    for (const crossing of path.crossings)
      if (crossing.to === error.origin && quotes(quote, quotable(crossing.any).bytes))
        return {path, crossing};
  return undefined;
}

/** The packets that end where an expected error for them begins. */
export const refusedBy = (errors: readonly FoundError[]): ReadonlySet<Path> =>
  new Set(
    errors.flatMap(({quoted}) =>
      quoted !== undefined && quoted.path.crossings.at(-1) === quoted.crossing ? [quoted.path] : [],
    ),
  );
