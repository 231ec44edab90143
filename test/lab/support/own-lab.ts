import {labFiles, loadLab} from '../../../src/lab/load.ts';
import type {Comparison, Lab} from '../../../src/lab/types.ts';

const files = labFiles();

/** A lab that comes with lvslab. */
export async function ownLab(name: string): Promise<Lab> {
  const lab = await loadLab(name, files);
  if (lab.kind !== 'lab') throw new Error(`${name} is no lab`);
  return lab;
}

/** The comparison that comes with lvslab. */
export async function ownComparison(): Promise<Comparison> {
  const lab = await loadLab('modes/compare', files);
  if (lab.kind !== 'comparison') throw new Error('modes/compare is no comparison');
  return lab;
}

/** The labs that the comparison compares. */
export const ownModes = ['modes/nat', 'modes/dr', 'modes/tun', 'modes/fullnat'] as const;
