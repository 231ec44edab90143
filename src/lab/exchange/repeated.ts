import type {ExchangeHop} from '../../verdict/exchange/types.ts';
import type {PacketStep, PathItem, RepeatStep} from './types.ts';

/** The packets of a repetition: each from the next source port, on the next of the paths. */
export function repeated({times, packet, paths}: RepeatStep): readonly PacketStep[] {
  const ports = (packet.tcp ?? packet.udp ?? packet.sctp)?.ports ?? '';
  const base = /^\s*(\d+)/.exec(ports)?.[1];
  return Array.from({length: times}, (_, i): PacketStep => {
    const shift = (text: string): string =>
      text.replaceAll(/\d+/g, number => (number === base ? String(Number(base) + i) : number));
    const {tcp, udp, sctp} = packet;
    return {
      ...packet,
      kind: 'packet',
      ...(tcp === undefined ? {} : {tcp: {...tcp, ports: shift(tcp.ports)}}),
      ...(udp === undefined ? {} : {udp: {...udp, ports: shift(udp.ports)}}),
      ...(sctp === undefined ? {} : {sctp: {...sctp, ports: shift(sctp.ports)}}),
      path: (paths[i % paths.length] ?? []).map(item => shifted(item, shift)),
    };
  });
}

const shifted = (item: PathItem, shift: (text: string) => string): PathItem =>
  typeof item === 'string' || item.ports === undefined
    ? item
    : ({...item, ports: shift(item.ports)} satisfies ExchangeHop);
