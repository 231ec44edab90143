import {printArp} from './arp.ts';
import {printCooked} from './cooked.ts';
import {printEthernet} from './ethernet.ts';
import {printGre} from './gre.ts';
import {printGue} from './gue.ts';
import {printIcmp} from './icmp.ts';
import {isIpInIp, printIpInIp} from './ipip.ts';
import {printIpv4} from './ipv4.ts';
import {printIpv6} from './ipv6.ts';
import {printIpvsSync} from './ipvs-sync.ts';
import {printSctp} from './sctp.ts';
import {printTcp} from './tcp.ts';
import type {Header, Packet} from './types.ts';
import {printUdp} from './udp.ts';
import {printVlan} from './vlan.ts';
import {printVrrp} from './vrrp.ts';

export interface PrintOptions {
  /** A name for an IP or MAC address; undefined prints the address. */
  readonly name?: ((address: string) => string | undefined) | undefined;
  /** Prints Ethernet and cooked headers too. */
  readonly macs?: boolean | undefined;
}

/**
 * A packet on one line, outer to inner: `CIP > VIP tcp 40312 > 80 [S]`, in a tunnel
 * `DIP > RIP ipip CIP > VIP tcp ...`, a quote in parentheses, and `!` before the reason why decoding stopped.
 */
export function printPacket(packet: Packet, options: PrintOptions = {}): string {
  const name = (address: string) => options.name?.(address) ?? address;
  const words = packet.headers.flatMap((header, i) => {
    const isLink = header.kind === 'ethernet' || header.kind === 'cooked';
    if (isLink && options.macs !== true) return [];
    const tunnel = isIpInIp(packet.headers[i - 1], header) ? [printIpInIp()] : [];
    const bad = 'checksum' in header && header.checksum === 'bad' ? ['(bad checksum)'] : [];
    const quoted =
      'quoted' in header && header.quoted !== undefined
        ? [`(${printPacket(header.quoted, options)})`]
        : [];
    return [...tunnel, printHeader(header, name), ...bad, ...quoted];
  });
  return [...words, ...(packet.stop === undefined ? [] : [`! ${packet.stop.reason}`])].join(' ');
}

function printHeader(header: Header, name: (address: string) => string): string {
  switch (header.kind) {
    case 'ethernet':
      return printEthernet(header, name);
    case 'cooked':
      return printCooked(header, name);
    case 'vlan':
      return printVlan(header);
    case 'arp':
      return printArp(header, name);
    case 'ipv4':
      return printIpv4(header, name);
    case 'ipv6':
      return printIpv6(header, name);
    case 'tcp':
      return printTcp(header);
    case 'udp':
      return printUdp(header);
    case 'sctp':
      return printSctp(header);
    case 'icmp':
    case 'icmpv6':
      return printIcmp(header);
    case 'gre':
      return printGre(header);
    case 'gue':
      return printGue(header);
    case 'vrrp':
      return printVrrp(header, name);
    case 'ipvs-sync':
      return printIpvsSync(header, name);
  }
}
