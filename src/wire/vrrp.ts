import {formatIpv4, formatIpv6, parseIp} from './address.ts';
import {concat, nothing, setU16, u16, view} from './bytes.ts';
import {complement, sum, verify} from './checksum.ts';
import {chooseChecksum, type GivenChecksum, type Inner} from './layer.ts';
import type {Vrrp} from './message-types.ts';
import {transportChecksum} from './pseudo.ts';
import type {Walk} from './walk.ts';

// Layout: version 4 bits, type 4, virtual router id 1, priority 1, address count 1; then in version 2 (RFC 3768)
// authentication type 1, interval 1, in version 3 (RFC 9568) reserved 4 bits, interval 12; checksum 2; the
// addresses, of the family that carries the message; in version 2 authentication data 8.
const headerLength = 8;
const authenticationLength = 8;
const protocol = 112;

export function decodeVrrp(walk: Walk): undefined {
  if (walk.lacks(headerLength, 'vrrp header')) return undefined;
  const {bytes, offset} = walk;
  const version = (bytes[offset] ?? 0) >>> 4;
  if (version !== 2 && version !== 3) return walk.halt(`VRRP version ${version} is not decoded`);
  const addresses = readAddresses(walk, bytes[offset + 3] ?? 0);
  const message = {
    kind: 'vrrp',
    offset,
    length: headerLength + addresses.bytes,
    type: (bytes[offset] ?? 0) & 0x0f,
    virtualRouter: bytes[offset + 1] ?? 0,
    priority: bytes[offset + 2] ?? 0,
    addresses: addresses.list,
  } as const;
  if (version === 3) {
    const maxAdvertisementInterval = u16(bytes, offset + 4) & 0x0fff;
    walk.read({...message, version, maxAdvertisementInterval, ...check3(walk)});
    return undefined;
  }
  const dataAt = offset + message.length;
  const hasData =
    walk.stop === undefined &&
    !walk.lacks(authenticationLength, 'vrrp authentication data', dataAt);
  const dataLength = hasData ? authenticationLength : 0;
  walk.read({
    ...message,
    length: message.length + dataLength,
    version,
    advertisementInterval: bytes[offset + 5] ?? 0,
    authenticationType: bytes[offset + 4] ?? 0,
    authentication: view(bytes, dataAt, dataLength),
    checksum: walk.whole ? verify(sum(bytes, offset, walk.end)) : 'none',
  });
}

/** The addresses that are there of the `count` that the message says it has. */
function readAddresses(walk: Walk, count: number): {list: readonly string[]; bytes: number} {
  const {bytes, offset} = walk;
  const [size, format] = walk.ip?.kind === 'ipv6' ? [16, formatIpv6] : [4, formatIpv4];
  const fits = Math.min(count, Math.floor((walk.end - offset - headerLength) / size));
  if (fits < count)
    walk.lacks(size, `vrrp address ${fits + 1} of ${count}`, offset + headerLength + size * fits);
  const list = Array.from({length: fits}, (_, i) =>
    format(bytes, offset + headerLength + size * i),
  );
  return {list, bytes: size * fits};
}

/** Over IPv4 both forms of the checksum are in use: see `pseudoHeader`. */
function check3(walk: Walk): Pick<Vrrp & {readonly version: 3}, 'checksum' | 'pseudoHeader'> {
  const {bytes, offset, end, ip} = walk;
  const checksum = transportChecksum(walk, protocol, end - offset);
  if (ip?.kind === 'ipv6' || checksum === 'good') return {checksum, pseudoHeader: true};
  if (checksum === 'bad' && verify(sum(bytes, offset, end)) === 'good')
    return {checksum: 'good', pseudoHeader: false};
  return {checksum, pseudoHeader: undefined};
}

export type VrrpFields = {
  readonly kind: 'vrrp';
  readonly virtualRouter: number;
  readonly addresses: readonly string[];
  /** 1, ADVERTISEMENT, by default. */
  readonly type?: number | undefined;
  /** 100 by default. */
  readonly priority?: number | undefined;
  /** The address count field, computed by default. */
  readonly count?: number | undefined;
  readonly checksum?: GivenChecksum | undefined;
} & (
  | {
      readonly version: 2;
      /** In seconds, 1 by default. */
      readonly advertisementInterval?: number | undefined;
      readonly authenticationType?: number | undefined;
      /** Cut or padded with zeros to eight bytes. */
      readonly authentication?: Uint8Array | undefined;
    }
  | {
      readonly version: 3;
      /** In centiseconds, 100 by default. */
      readonly maxAdvertisementInterval?: number | undefined;
      /** Whether the checksum covers a pseudo header: true by default, as keepalived does it over IPv4 too. */
      readonly pseudoHeader?: boolean | undefined;
    }
);

/** @throws {InputError} for an address that is none. */
export function encodeVrrp(fields: VrrpFields, inner: Inner): Uint8Array {
  const header = new Uint8Array(headerLength);
  header[0] = (fields.version << 4) | (fields.type ?? 1);
  header[1] = fields.virtualRouter;
  header[2] = fields.priority ?? 100;
  header[3] = fields.count ?? fields.addresses.length;
  if (fields.version === 2) {
    header[4] = fields.authenticationType ?? 0;
    header[5] = fields.advertisementInterval ?? 1;
  } else setU16(header, 4, (fields.maxAdvertisementInterval ?? 100) & 0x0fff);
  const data = new Uint8Array(fields.version === 2 ? authenticationLength : 0);
  if (fields.version === 2)
    data.set((fields.authentication ?? nothing).subarray(0, authenticationLength));
  const message = concat(header, ...fields.addresses.map(parseIp), data, inner.bytes);
  const covered = fields.version === 3 && fields.pseudoHeader !== false;
  const pseudo = covered ? inner.pseudoSum(protocol, message.length) : 0;
  const computed = complement(sum(message, 0, message.length, pseudo));
  setU16(message, 6, chooseChecksum(fields.checksum, computed));
  return message;
}

/** `vrrp v3 id 51 priority 150 VIP`. */
export function printVrrp(header: Vrrp, name: (address: string) => string): string {
  const {version, type, virtualRouter, priority, addresses} = header;
  const what = type === 1 ? '' : ` type ${type}`;
  return [
    `vrrp v${version}${what} id ${virtualRouter} priority ${priority}`,
    ...addresses.map(name),
  ].join(' ');
}
