import {partsOf} from '../../../src/trace/essence.ts';
import {traceRun} from '../../../src/trace/run.ts';
import type {Sighting} from '../../../src/trace/types.ts';
import {directionOf} from '../../../src/verdict/connections.ts';
import type {Site, Subject} from './subject.ts';
import {traceOptions} from '../../../src/verdict/trace-options.ts';

/** One fault that can be planted in a run that passes. */
export interface Fault {
  /** `ip.dst: another node's`: what is wrong. */
  readonly kind: string;
  /** `at both ends`. */
  readonly scope: string;
  /** Where it is, for a report of those that were not caught. */
  readonly place: string;
  /** A frame is lost, or one end has one that the other has not: INCONCLUSIVE is right too. */
  readonly loss: boolean;
  readonly plant: () => Subject;
}

/** One link of one packet's path, by the frames that its ends captured. */
export interface Hop {
  readonly direction: 'request' | 'reply';
  /** From 1 on its path. */
  readonly number: number;
  readonly of: number;
  readonly network: string;
  readonly sender: Site;
  readonly receiver: Site;
}

/** The place of a sighting in the films. */
export const siteOf = (
  {films}: Pick<Subject, 'films'>,
  {node, interface: name, frame}: Sighting,
): Site => ({
  film: films.findIndex(film => film.node === node && film.interface === name),
  index: frame.number - 1,
});

/** A packet's way through the run, with the frames that tunnel devices showed of it. */
export interface Way {
  readonly flow: number;
  /** An ICMP error that quotes a packet of the flow, and is of no direction. */
  readonly isError: boolean;
  readonly hops: readonly Hop[];
  readonly delivered: readonly Site[];
}

/** The ways of all packets of a run in which each was seen wholly. */
export function waysOf(subject: Subject): readonly Way[] {
  const {run, films, expectation} = subject;
  const site = (sighting: Sighting): Site => siteOf(subject, sighting);
  return traceRun(run.topology, films, traceOptions(expectation)).flows.flatMap((flow, number) =>
    [
      ...flow.paths.map(path => ({path, isError: false})),
      ...flow.errors.map(path => ({path, isError: true})),
    ].map(({path, isError}) => ({
      flow: number,
      isError,
      hops: path.crossings.flatMap((crossing, i) =>
        partsOf(crossing).flatMap(({sent, received, network}) =>
          sent === undefined || received === undefined
            ? []
            : [
                {
                  direction: directionOf(flow, path),
                  number: i + 1,
                  of: path.crossings.length,
                  network,
                  sender: site(sent),
                  receiver: site(received),
                },
              ],
        ),
      ),
      delivered: path.delivered.map(site),
    })),
  );
}

/** `request, hop 3, frame 14 at director eth1`. */
export function wordPlace({films}: Subject, {film, index}: Site, hop?: Hop): string {
  const where = films[film];
  const frame = `frame ${index + 1} at ${where?.node} ${where?.interface}`;
  return hop === undefined ? frame : `${hop.direction}, hop ${hop.number} of ${hop.of}, ${frame}`;
}
