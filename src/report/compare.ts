import type {Topology} from '../topology/types.ts';
import {sharedNetworks} from '../topology/names.ts';
import type {Flow, Path, Trace} from '../trace/types.ts';
import {directionOf} from '../verdict/connections.ts';
import {measure} from '../verdict/measure.ts';
import {plainTable} from './table.ts';

/** A lab that is compared with others: its method's name as the table shows it, and what was captured. */
export interface ComparedRun {
  readonly method: string;
  readonly topology: Topology;
  readonly trace: Trace;
}

const none = '-';

/**
 * The methods side by side, all from measured packets: what the director rewrites on the way in and on the way back,
 * whether it shares a network with the real servers, and the bytes of whole frames that came to it.
 */
export function compareMethods(runs: readonly ComparedRun[]): string {
  const head = [
    'method',
    'director rewrites in',
    'director rewrites back',
    'real servers',
    'request bytes',
    'reply bytes',
  ];
  return plainTable(head, runs.map(row));
}

function row({method, topology, trace}: ComparedRun): string[] {
  const directors = topology.nodes.filter(({role}) => role === 'director');
  const names = new Set<string | undefined>(directors.map(({name}) => name));
  const paths = (direction: 'request' | 'reply'): readonly Path[] =>
    trace.flows.flatMap((flow: Flow) =>
      flow.paths.filter(path => directionOf(flow, path) === direction),
    );
  const measured = measure(trace).nodes;
  const bytes = (key: 'requestIn' | 'replyIn'): string =>
    String(directors.reduce((sum, {name}) => sum + (measured[name]?.[key] ?? 0), 0));
  const servers = topology.nodes.filter(({role}) => role === 'realServer');
  const near = servers.every(server =>
    directors.some(director => sharedNetworks(director, server).length > 0),
  );
  return [
    method,
    rewrittenBy(names, paths('request')),
    rewrittenBy(names, paths('reply')),
    near ? "on the director's network" : 'behind a router',
    bytes('requestIn'),
    bytes('replyIn'),
  ];
}

/** The fields that a director rewrote in any packet; `not through it` when no packet went through. */
function rewrittenBy(directors: ReadonlySet<string | undefined>, paths: readonly Path[]): string {
  const fields = paths.flatMap(({crossings, rewrites}) =>
    crossings.slice(0, -1).flatMap(({to}, i) => (directors.has(to) ? [rewrites[i] ?? []] : [])),
  );
  if (paths.length === 0) return none;
  if (fields.length === 0) return 'not through it';
  // The carrier's kind is enough: its addresses are the tunnel's.
  const word = ({field, after}: {field: string; after: string}): string =>
    field === 'encapsulation' ? `${after.split(' ')[0] ?? after} header` : field;
  return [...new Set(fields.flatMap(list => list.map(word)))].join(', ') || none;
}
