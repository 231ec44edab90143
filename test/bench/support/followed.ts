import {readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Topology} from '../../../src/topology/types.ts';
import type {InterfaceCapture} from '../../../src/trace/types.ts';
import {indexPcap, writePcap} from '../../../src/wire/pcap.ts';
import type {Traffic} from './traffic.ts';

// What the measured process is handed: a file for each interface, and the resolved topology as a run folder has it.
const topologyFile = 'topology.json';

export function writeFollowed(folder: string, topology: Topology, {byInterface}: Traffic): void {
  writeFileSync(join(folder, topologyFile), JSON.stringify(topology));
  for (const [name, seen] of byInterface)
    writeFileSync(join(folder, `${name}.pcap`), writePcap(seen, 'ethernet'));
}

/** Reads what was written: no schema is loaded to check it, as that would be a good part of what is measured. */
export function readFollowed(folder: string): {
  readonly topology: Topology;
  readonly captures: readonly InterfaceCapture[];
} {
  const captures = readdirSync(folder).flatMap(name => {
    const [, node, device] = /^(\w+)\.(\w+)\.pcap$/.exec(name) ?? [];
    if (node === undefined || device === undefined) return [];
    const file = join(folder, name);
    return [{node, interface: device, frames: indexPcap(readFileSync(file), file).frames}];
  });
  const topology: Topology = JSON.parse(readFileSync(join(folder, topologyFile), 'utf8'));
  return {topology, captures};
}
