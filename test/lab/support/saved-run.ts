import {RunWriter} from '../../../src/run-folder/write.ts';
import {writePcap} from '../../../src/wire/pcap.ts';
import type {Rig} from '../../support/rig.ts';

/** Writes a run that a rig made as a run folder; returns its path. */
export async function saveRun(
  rig: Rig,
  folder: string,
  lab = `modes/${rig.mode}`,
): Promise<string> {
  const writer = new RunWriter(folder, lab);
  const {record} = rig.folder();
  for (const capture of record.captures) {
    const frames = rig.frames.get(`${capture.node} ${capture.interface}`) ?? [];
    await writer.capture(capture, writePcap(frames, frames[0]?.linkType ?? 'ethernet'));
  }
  for (const [place, text] of rig.texts) {
    const [node = '', name = ''] = place.split(' ');
    await writer.texts(node, {[name]: text});
  }
  const {lvslab, kernel, host, requests, events, doubts, kernelTrouble} = record;
  await writer.finish(
    rig.topology,
    {
      title: `a run of ${rig.mode}`,
      claims: [],
      counter: null,
      expectation: rig.expectation,
    },
    {lvslab, kernel, host, requests, events, doubts, kernelTrouble},
  );
  return writer.path;
}
