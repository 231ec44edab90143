import type {Crossing} from '../trace/types.ts';
import type {Gre, Gue, Header, Udp} from '../wire/types.ts';
import {differ, type Mismatch} from './mismatch.ts';

/** The carrying header of a tunnel, with `gre` and `gue`: judged on every frame, nothing more and nothing less. */
export interface Carrier {
  /** gre: a checksum (RFC 2784); gue: a UDP checksum other than 0. It must be good where it is, and absent where not. */
  readonly checksum: boolean;
  /** gue: the UDP destination port. */
  readonly port?: number;
  /** gue: the option of remote checksum offload, and no other; default no option. */
  readonly remoteChecksum?: boolean;
}

const absent = 'absent';

/**
 * What the carrying header of a tunnel says otherwise than expected: GRE's checksum, key and sequence number (RFC 2784,
 * RFC 2890), GUE's options and its UDP header's port and checksum. A packet that has no such header has no mismatch here.
 */
export function compareCarrier(
  expected: Carrier | undefined,
  {any}: Crossing,
): readonly Mismatch[] {
  if (expected === undefined) return [];
  const {headers} = any.packet;
  const at = headers.findIndex(({kind}) => kind === 'gre' || kind === 'gue');
  const header = headers[at];
  if (header?.kind === 'gre') return compareGre(expected, header);
  return header?.kind === 'gue' ? compareGue(expected, header, headers[at - 1]) : [];
}

function compareGre({checksum}: Carrier, header: Gre): readonly Mismatch[] {
  return [
    ...differ('gre.checksum', wanted(checksum), header.hasChecksum ? header.checksum : absent),
    ...differ('gre.key', absent, String(header.key ?? absent)),
    ...differ('gre.sequence', absent, String(header.sequence ?? absent)),
  ];
}

function compareGue(
  {checksum, port, remoteChecksum = false}: Carrier,
  gue: Gue,
  before: Header | undefined,
): readonly Mismatch[] {
  const udp: Udp | undefined = before?.kind === 'udp' ? before : undefined;
  const sum = udp === undefined || udp.checksumField === 0 ? absent : udp.checksum;
  return [
    ...differ('gue.udp.checksum', wanted(checksum), sum),
    ...(port === undefined
      ? []
      : differ('gue.udp.dstport', String(port), String(udp?.destinationPort ?? absent))),
    ...differ('gue.version', '0', String(gue.version)),
    ...differ('gue.options', remoteChecksum ? remote : none, optionsOf(gue)),
  ];
}

const wanted = (checksum: boolean): string => (checksum ? 'good' : absent);

const none = 'none';
const remote = 'remote checksum';

/**
 * Linux puts remote checksum offload into the private flags (include/net/gue.h: GUE_FLAG_PRIV, GUE_PFLAG_REMCSUM): 4 bytes
 * of flags, then where the checksum begins and where it goes, 2 bytes each.
 */
export function optionsOf({flags, optionBytes}: Pick<Gue, 'flags' | 'optionBytes'>): string {
  if (flags === 0 && optionBytes.length === 0) return none;
  const bytes = Buffer.from(optionBytes);
  if (flags === 1 && bytes.length === 8 && bytes.readUInt32BE() === 0x8000_0000) return remote;
  return `flags 0x${flags.toString(16).padStart(4, '0')}, ${bytes.length} bytes ${bytes.toString('hex')}`;
}
