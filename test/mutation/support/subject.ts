import {judgeAny, judgeFolder, readCaptures, type SavedLab} from '../../../src/lab/judge.ts';
import type {CaptureRecord, RunFolder} from '../../../src/run-folder/types.ts';
import type {Expectation, Judgement} from '../../../src/verdict/types.ts';
import type {Frame} from '../../../src/wire/types.ts';
import {countAtDirector} from '../../support/counters.ts';
import {goodRun} from '../../support/good-run.ts';
import {ftpRun} from '../../support/ftp-run.ts';
import {serverPort, type Mode} from '../../support/legs.ts';

import type {Rig} from '../../support/rig.ts';

/** A capture whose frames can be exchanged. */
export interface Film {
  readonly node: string;
  readonly interface: string;
  readonly frames: readonly Frame[];
}

/** A run that passes, into which faults are planted. */
export interface Subject<E = SavedLab['expectation']> {
  readonly name: string;
  readonly run: RunFolder;
  readonly films: readonly Film[];
  readonly expectation: E;
}

/** A run of a lab, not of an exchange. */
export type LabSubject = Subject<Expectation>;

/** A run of a mode that was made without a kernel. */
export function rigSubject(mode: Mode, connections = 4): LabSubject {
  const rig = goodRun(mode, 'v4', 'tcp', connections);
  countAtDirector(rig, serverPort(mode));
  return made(mode, rig);
}

/** A run of FTP sessions that was made without a kernel. */
export const ftpSubject = (sessions = 2): LabSubject => made('ftp', ftpRun({}, sessions));

function made(name: string, rig: Rig): LabSubject {
  return {
    name: `made ${name}`,
    run: rig.folder(),
    films: rig.captures().map(film => ({...film, frames: [...film.frames]})),
    expectation: rig.expectation,
  };
}

/** A run that a kernel made; undefined when it did not pass or is a counter-lab's, whose verdict tells nothing. */
export function folderSubject(path: string): Subject | undefined {
  const {run, lab, judgement} = judgeFolder(path);
  if (judgement.verdict !== 'PASS' || lab.counter !== null) return undefined;
  return {
    name: `${run.record.lab} on ${run.record.kernel}`,
    run,
    films: readCaptures(run).map(film => ({...film, frames: [...film.frames]})),
    expectation: lab.expectation,
  };
}

/** Judges a subject as if tcpdump had counted the frames that it has now: what was planted must be found in the frames. */
export function judgeSubject({run, films, expectation}: Subject): Judgement {
  const counted = ({captured, receivedByFilter, ...record}: CaptureRecord): CaptureRecord => {
    const film = films.find(one => one.node === record.node && one.interface === record.interface);
    const frames = film?.frames.length ?? captured;
    return {...record, captured: frames, receivedByFilter: receivedByFilter + frames - captured};
  };
  const record = {...run.record, captures: run.record.captures.map(counted)};
  return judgeAny({...run, record}, films, expectation);
}

/** Where a frame stands: the number of its film and its index there. */
export interface Site {
  readonly film: number;
  readonly index: number;
}

/** The subject with other frames in some places; undefined takes a frame away, several take the place of one. */
export function withFrames<E>(
  subject: Subject<E>,
  changes: readonly (Site & {readonly become: readonly Frame[]})[],
): Subject<E> {
  const films = subject.films.map((film, number) => {
    const own = new Map(
      changes.filter(change => change.film === number).map(({index, become}) => [index, become]),
    );
    if (own.size === 0) return film;
    const frames = film.frames
      .flatMap((frame, index) => own.get(index) ?? [frame])
      .toSorted((a, b) => Number(a.time - b.time));
    return {...film, frames: frames.map((frame, i) => ({...frame, number: i + 1}))};
  });
  return {...subject, films};
}

export function frameAt({films}: Pick<Subject, 'films'>, {film, index}: Site): Frame {
  const frame = films[film]?.frames[index];
  if (frame === undefined) throw new Error(`no frame ${index} in film ${film}`);
  return frame;
}

/** The frame with other bytes. */
export const holding = (frame: Frame, bytes: Uint8Array): Frame => ({
  ...frame,
  bytes,
  originalLength: bytes.length,
});
