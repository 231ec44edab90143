import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa, ExecaError} from 'execa';
import {writePcap} from '../../../src/wire/pcap.ts';
import type {LinkType} from '../../../src/wire/types.ts';

/** One protocol as tshark dissected it; of a field that occurs more than once, every `show`. */
export interface Layer {
  readonly protocol: string;
  readonly offset: number;
  readonly size: number;
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

const preferences = [
  'ip.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'sctp.checksum:CRC 32c',
  'tcp.analyze_sequence_numbers:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
];

/** The layers of each packet, outer to inner (quoted packets behind the ICMP header), by one tshark run. */
export async function dissect(
  packets: readonly Uint8Array[],
  linkType: LinkType,
  {reassemble}: {readonly reassemble: boolean} = {reassemble: false},
): Promise<readonly (readonly Layer[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lvslab-wire-'));
  try {
    const file = join(folder, 'corpus.pcap');
    const frames = packets.map((bytes, i) => ({
      bytes,
      originalLength: bytes.length,
      time: BigInt(i),
    }));
    await writeFile(file, writePcap(frames, linkType));
    const fragments = ['ip', 'ipv6'].map(ip => `${ip}.defragment:${reassemble ? 'TRUE' : 'FALSE'}`);
    const options = [...preferences, ...fragments].flatMap(preference => ['-o', preference]);
    const {stdout} = await execa('tshark', ['-n', '-r', file, '-T', 'pdml', ...options], {
      maxBuffer: 256 * 1024 * 1024,
    });
    return stdout.split('<packet>').slice(1).map(readPacket);
  } catch (error) {
    if (error instanceof ExecaError && error.code === 'ENOENT')
      throw new Error('tshark is missing, the oracle of these tests: apt-get install tshark', {
        cause: error,
      });
    throw error;
  } finally {
    await rm(folder, {recursive: true});
  }
}

interface OpenLayer {
  readonly protocol: string;
  readonly offset: number;
  readonly size: number;
  readonly fields: Map<string, string[]>;
}

function readPacket(pdml: string): readonly Layer[] {
  const layers: OpenLayer[] = [];
  const open: OpenLayer[] = [];
  for (const [tag] of pdml.matchAll(/<\/?(?:proto|field)\b[^>]*>/g)) {
    if (tag.startsWith('</proto')) open.pop();
    else if (tag.startsWith('<proto')) {
      const layer = {
        protocol: attribute(tag, 'name'),
        offset: Number(attribute(tag, 'pos')),
        size: Number(attribute(tag, 'size')),
        fields: new Map<string, string[]>(),
      };
      layers.push(layer);
      open.push(layer);
    } else if (tag.startsWith('<field')) {
      const fields = open.at(-1)?.fields;
      const name = attribute(tag, 'name');
      fields?.set(name, [...(fields.get(name) ?? []), attribute(tag, 'show')]);
    }
  }
  return layers;
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
}
