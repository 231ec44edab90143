import type {Fault} from './fault.ts';
import type {Subject} from './subject.ts';

/** What a director says of itself, wrong in one number or word: what it counted, and its connection entries. */
export function textFaults(subject: Subject): readonly Fault[] {
  const {expectation} = subject;
  if ('kind' in expectation) return []; // texts of an exchange are planted with its expectation
  const {counters, entries} = expectation;
  return [
    ...(counters?.nodes ?? []).flatMap(node => counterFaults(subject, node)),
    ...(entries === undefined ? [] : entryFaults(subject, entries.node)),
  ];
}

/** The lines of a text with one of them in other words; undefined takes it away. */
const lineFault = (
  subject: Subject,
  [node, name]: readonly [node: string, name: string],
  index: number,
  {
    kind,
    scope,
    become,
    column,
    loss = false,
  }: {
    readonly kind: string;
    readonly scope: string;
    readonly become: string | undefined;
    readonly column?: string;
    readonly loss?: boolean;
  },
): Fault => ({
  kind,
  scope,
  place: [`${node}: ${name}, line ${index + 1}`, column].filter(Boolean).join(', '),
  loss,
  plant: () => {
    const lines = subject.run.text(node, name).split('\n');
    const text = lines.flatMap((line, i) => (i === index ? (become ?? []) : line)).join('\n');
    const run = {
      ...subject.run,
      text: (from: string, what: string) =>
        from === node && what === name ? text : subject.run.text(from, what),
    };
    return {...subject, run};
  },
});

const linesOf = (
  {run}: Subject,
  node: string,
  name: string,
): readonly (readonly [number, string])[] =>
  run
    .text(node, name)
    .split('\n')
    .map((line, i) => [i, line] as const);

/** The last five of a line, in its order. */
const columns = ['connections', 'packets in', 'packets out', 'bytes in', 'bytes out'];

/** Each number of connections, packets and bytes, one less, and one more: which a frame that no capture has would explain. */
function counterFaults(subject: Subject, node: string): readonly Fault[] {
  const change = (
    name: string,
    base: 10 | 16,
    scopeOf: (line: string) => string | undefined,
  ): readonly Fault[] =>
    linesOf(subject, node, name).flatMap(([index, line]) => {
      const scope = scopeOf(line);
      if (scope === undefined) return [];
      const words = [...line.matchAll(/[\dA-F]+(?= |$)/g)].slice(-5);
      return words.flatMap((word, i) => {
        const column = columns[i] ?? '';
        const value = Number.parseInt(word[0], base);
        const instead = (to: number): string =>
          `${line.slice(0, word.index)}${to.toString(base).toUpperCase()}${line.slice(word.index + word[0].length)}`;
        const more = {
          kind: 'counter: one more',
          scope,
          column,
          become: instead(value + 1),
          loss: true,
        };
        const less = {kind: 'counter: one less', scope, column, become: instead(value - 1)};
        return [
          lineFault(subject, [node, name], index, more),
          ...(value === 0 ? [] : [lineFault(subject, [node, name], index, less)]),
        ];
      });
    });
  return [
    ...change('ip-vs-stats-percpu', 16, line =>
      /^ *[\dA-F]+( +[\dA-F]+){5}$/.test(line) ? 'of a processor' : undefined,
    ),
    ...change('ipvsadm-stats', 10, line =>
      /^ *-> \S+( +\d+){5}$/.test(line)
        ? 'of a real server'
        : /^(TCP|UDP|SCTP|FWM) .*( \d+){5}$/.test(line)
          ? 'of a service'
          : undefined,
    ),
  ];
}

function entryFaults(subject: Subject, node: string): readonly Fault[] {
  const name = 'ipvsadm-Lnc';
  const place = [node, name] as const;
  const scope = 'of the director';
  return linesOf(subject, node, name).flatMap(([index, line]) => {
    const entry = /^(?<head>\S+ +\d+:\d\d +)(?<state>\S+)(?<ends> .*)$/.exec(line)?.groups;
    const ports = [...line.matchAll(/:(\d+)(?= |$)/g)].slice(-3);
    const [client, , server] = ports;
    if (entry === undefined || client === undefined || server === undefined) return [];
    const {head = '', state = '', ends = ''} = entry;
    const at = (word: RegExpExecArray, port: number): string =>
      `${line.slice(0, word.index)}:${port}${line.slice(word.index + word[0].length)}`;
    const fault = (kind: string, become: string | undefined): Fault =>
      lineFault(subject, place, index, {kind: `entry: ${kind}`, scope, become});
    const template = client[1] === '0';
    return [
      fault('missing', undefined),
      fault('another port of the real server', at(server, Number(server[1]) + 1)),
      ...(template
        ? []
        : [
            fault('another client port', at(client, Number(client[1]) ^ 1)),
            fault('another state', `${head}${state === 'LISTEN' ? 'NONE' : 'LISTEN'}${ends}`),
          ]),
    ];
  });
}
