import {type ArpFields, encodeArp} from './arp.ts';
import {nothing} from './bytes.ts';
import {type CookedFields, encodeCooked} from './cooked.ts';
import {encodeEthernet, type EthernetFields} from './ethernet.ts';
import {encodeGre, type GreFields} from './gre.ts';
import {encodeGue, type GueFields} from './gue.ts';
import {encodeIcmp, type IcmpFields} from './icmp.ts';
import {encodeIpv4, type Ipv4Fields} from './ipv4.ts';
import {encodeIpv6, type Ipv6Fields} from './ipv6.ts';
import {encodeIpvsSync, type IpvsSyncFields} from './ipvs-sync.ts';
import type {Inner} from './layer.ts';
import {builtPseudoSum} from './pseudo.ts';
import {encodeSctp, type SctpFields} from './sctp.ts';
import {encodeTcp, type TcpFields} from './tcp.ts';
import {encodeUdp, type UdpFields} from './udp.ts';
import {encodeVlan, type VlanFields} from './vlan.ts';
import {encodeVrrp, type VrrpFields} from './vrrp.ts';

/** A header to build: what must be said, and anything that shall not be as computed. */
export type Layer =
  | EthernetFields
  | CookedFields
  | VlanFields
  | ArpFields
  | Ipv4Fields
  | Ipv6Fields
  | TcpFields
  | UdpFields
  | SctpFields
  | IcmpFields
  | GreFields
  | GueFields
  | VrrpFields
  | IpvsSyncFields;

/**
 * The bytes of a packet from its layers, outer to inner. Lengths, next protocols and checksums are computed unless
 * a layer gives them, so wrong ones can be made. What follows an ICMP layer is what it quotes.
 * @throws {InputError} for a malformed address, or when a layer's next protocol can be neither read nor computed.
 */
export function build(layers: readonly Layer[], payload: Uint8Array = nothing): Uint8Array {
  let bytes = payload;
  for (const [index, layer] of [...layers.entries()].toReversed())
    bytes = encode(layer, {
      kind: layers[index + 1]?.kind,
      bytes,
      pseudoSum: (protocol, length) => enclosingPseudoSum(layers, index, protocol, length),
    });
  return bytes;
}

function enclosingPseudoSum(
  layers: readonly Layer[],
  index: number,
  protocol: number,
  length: number,
): number {
  const ip = layers
    .slice(0, index)
    .findLast(layer => layer.kind === 'ipv4' || layer.kind === 'ipv6');
  return ip === undefined ? 0 : builtPseudoSum(ip, protocol, length);
}

function encode(layer: Layer, inner: Inner): Uint8Array {
  switch (layer.kind) {
    case 'ethernet':
      return encodeEthernet(layer, inner);
    case 'cooked':
      return encodeCooked(layer, inner);
    case 'vlan':
      return encodeVlan(layer, inner);
    case 'arp':
      return encodeArp(layer, inner);
    case 'ipv4':
      return encodeIpv4(layer, inner);
    case 'ipv6':
      return encodeIpv6(layer, inner);
    case 'tcp':
      return encodeTcp(layer, inner);
    case 'udp':
      return encodeUdp(layer, inner);
    case 'sctp':
      return encodeSctp(layer, inner);
    case 'icmp':
    case 'icmpv6':
      return encodeIcmp(layer, inner);
    case 'gre':
      return encodeGre(layer, inner);
    case 'gue':
      return encodeGue(layer, inner);
    case 'vrrp':
      return encodeVrrp(layer, inner);
    case 'ipvs-sync':
      return encodeIpvsSync(layer, inner);
  }
}
