import {BrokenLabError} from '../problem.ts';
import type {NodeShell} from '../nodes/types.ts';
import type {CaptureRecord} from '../run-folder/types.ts';
import type {Topology} from '../topology/types.ts';
import {filesOfTar} from './archive.ts';
import {startScript, stopScript} from './script.ts';
import {parseStatistics} from './statistics.ts';

/** How long captures may take to listen, and to end, before they count as not ready or not flushed. */
const defaultSeconds = 30;

/** A tcpdump on every interface of a topology's nodes. */
export interface Captures {
  /** The devices of each node that are captured. */
  readonly devices: ReadonlyMap<string, readonly string[]>;
  /** Ends all, in parallel. Throws BrokenLabError when a node is gone, nothing else. */
  stop(): Promise<readonly Captured[]>;
}

/** A capture that has ended, with its file's bytes. */
export interface Captured {
  readonly record: CaptureRecord;
  readonly pcap: Buffer;
}

export interface CaptureOptions {
  /** Devices beyond the topology's interfaces, by node: tunl0 shows what a real server decapsulates. They must be up. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly seconds?: number;
}

/**
 * Starts captures on all interfaces of the nodes that have a shell, one script a node, and gives back when each listens
 * or cannot. One that did not listen in time, died, or lost frames is not an error here: its record says so.
 */
export async function startCaptures(
  shells: ReadonlyMap<string, NodeShell>,
  topology: Topology,
  {extra = {}, seconds = defaultSeconds}: CaptureOptions = {},
): Promise<Captures> {
  const places = topology.nodes.flatMap(({name, interfaces}) => {
    const shell = shells.get(name);
    const devices = [...interfaces.map(link => link.name), ...(extra[name] ?? [])];
    return shell === undefined || devices.length === 0 ? [] : [{shell, devices}];
  });
  await Promise.all(
    places.map(async ({shell, devices}) => {
      const {exitCode, stderr} = await shell.run(startScript(devices, seconds), {
        label: `capture on ${devices.join(', ')}`,
        timeoutMs: (seconds + 60) * 1000,
      });
      if (exitCode !== 0) throw broken(shell.node, 'start', stderr);
    }),
  );
  return {
    devices: new Map(places.map(({shell, devices}) => [shell.node, devices])),
    stop: async () =>
      (await Promise.all(places.map(({shell, devices}) => stopOn(shell, devices, seconds)))).flat(),
  };
}

async function stopOn(
  shell: NodeShell,
  devices: readonly string[],
  seconds: number,
): Promise<readonly Captured[]> {
  const {exitCode, stdout, stderr} = await shell.run(stopScript(seconds), {
    label: `end the captures on ${devices.join(', ')}`,
    timeoutMs: (seconds + 60) * 1000,
  });
  if (exitCode !== 0) throw broken(shell.node, 'end', stderr);
  const files = await filesOfTar(stdout);
  return devices.map(device => {
    const file = (ending: string) => files.get(`${device}.${ending}`);
    const statistics = parseStatistics(file('err')?.toString('utf8') ?? '');
    const record: CaptureRecord = {
      node: shell.node,
      interface: device,
      file: `pcap/${shell.node}.${device}.pcap`,
      ready: file('ready') !== undefined,
      flushed: statistics !== undefined,
      captured: statistics?.captured ?? 0,
      receivedByFilter: statistics?.receivedByFilter ?? 0,
      droppedByKernel: statistics?.droppedByKernel ?? 0,
      droppedByInterface: statistics?.droppedByInterface ?? 0,
    };
    return {record, pcap: nonEmpty(file('pcap'))};
  });
}

/** A tcpdump that never listened leaves no file header; readers get an empty file, and the record says what it is worth. */
function nonEmpty(pcap: Buffer | undefined): Buffer {
  if (pcap !== undefined && pcap.length >= emptyPcap.length) return pcap;
  return emptyPcap;
}

/** A pcap header without frames: nanoseconds, version 2.4, snap length 262144, Ethernet (pcap-savefile(5)). */
const emptyPcap = Buffer.from('4d3cb2a10200040000000000000000000000040001000000', 'hex');

const broken = (node: string, verb: string, stderr: string): BrokenLabError =>
  new BrokenLabError({
    what: `node "${node}" could not ${verb} its captures`,
    where: node,
    value: stderr.trim(),
    next: 'run the lab again',
  });
