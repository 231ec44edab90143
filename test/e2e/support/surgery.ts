import {readFileSync, writeFileSync} from 'node:fs';
import {cp, mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {decode} from '../../../src/wire/decode.ts';
import {transport} from '../../../src/wire/packet.ts';
import {patch, type Change} from '../../../src/wire/patch.ts';
import {readPcap, writePcap} from '../../../src/wire/pcap.ts';
import type {Frame} from '../../../src/wire/types.ts';

/** The first TCP frame with this port, on either side, and these flags. */
interface Pick {
  readonly port: number;
  readonly flags: string;
}

/** One change of one capture. */
export type Surgery =
  | {readonly kind: 'patch'; readonly pick: Pick; readonly change: Change | 'swap-ports'}
  | {readonly kind: 'remove'; readonly pick: Pick}
  | {
      readonly kind: 'add';
      readonly from: readonly [node: string, device: string];
      readonly pick: Pick;
    };

/** A copy of a run folder, for surgery. */
export async function copyRun(run: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'lvslab-surgery-'));
  await cp(run, copy, {recursive: true});
  return copy;
}

/** Change one capture of a run folder, and the frame counts of its record with it: a consistent lie. */
export function operate(
  run: string,
  [node, device]: readonly [string, string],
  surgery: Surgery,
): void {
  const file = join(run, 'pcap', `${node}.${device}.pcap`);
  const capture = readPcap(readFileSync(file), file);
  const frames = changed(run, capture.frames, surgery);
  writeFileSync(file, writePcap(frames, capture.linkType));
  const record = join(run, 'run.json');
  const text = readFileSync(record, 'utf8');
  const parsed: {captures: {node: string; interface: string; captured: number}[]} =
    JSON.parse(text);
  for (const one of parsed.captures)
    if (one.node === node && one.interface === device) one.captured = frames.length;
  writeFileSync(record, JSON.stringify(parsed));
}

function changed(run: string, frames: readonly Frame[], surgery: Surgery): readonly Frame[] {
  if (surgery.kind === 'add') {
    const [node, device] = surgery.from;
    const file = join(run, 'pcap', `${node}.${device}.pcap`);
    const other = readPcap(readFileSync(file), file).frames;
    return [...frames, find(other, surgery.pick)].toSorted((a, b) => Number(a.time - b.time));
  }
  const frame = find(frames, surgery.pick);
  if (surgery.kind === 'remove') return frames.filter(one => one !== frame);
  const change = surgery.change === 'swap-ports' ? swapped(frame) : surgery.change;
  return frames.map(one => (one === frame ? {...one, bytes: patch(one, change)} : one));
}

function swapped(frame: Frame): Change {
  const header = transport(decode(frame));
  if (header === undefined) throw new Error('no ports to swap');
  return {sourcePort: header.destinationPort, destinationPort: header.sourcePort};
}

function find(frames: readonly Frame[], {port, flags}: Pick): Frame {
  const found = frames.find(frame => {
    const header = transport(decode(frame));
    return (
      header?.kind === 'tcp' &&
      header.flags === flags &&
      (header.sourcePort === port || header.destinationPort === port)
    );
  });
  if (found === undefined) throw new Error(`no frame with port ${port} and flags ${flags}`);
  return found;
}
