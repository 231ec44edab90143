import {decode} from '../../src/wire/decode.ts';
import {innermostIp, transport} from '../../src/wire/packet.ts';
import type {Rig} from './rig.ts';

const columns = ['connections', 'packetsIn', 'packetsOut', 'bytesIn', 'bytesOut'] as const;
type Count = Record<(typeof columns)[number], number>;
const none = (): Count => ({connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0});

/** Lets the director of a good run say what it counted: every frame of a connection that came to one of its MACs; and its tables. */
export function countAtDirector(rig: Rig, port: number): void {
  const macs = new Set(
    rig.topology.nodes.find(({name}) => name === 'director')?.interfaces.map(({mac}) => mac),
  );
  const servers = new Map(['rs1', 'rs2'].map(node => [node, none()]));
  const serverOf = (clientPort: number): string =>
    rig.requests.find(({localPort}) => [localPort, localPort + 1000].includes(clientPort))
      ?.answeredBy ?? '';
  for (const [place, frames] of rig.frames)
    for (const frame of place.startsWith('director ') ? frames : []) {
      const packet = decode(frame);
      const [ethernet] = packet.headers;
      const [ip, header] = [innermostIp(packet), transport(packet)];
      if (ethernet?.kind !== 'ethernet' || !macs.has(ethernet.destination)) continue;
      if (ip === undefined || header === undefined) continue;
      const asked = ip.destination === rig.address('VIP');
      const count = servers.get(serverOf(asked ? header.sourcePort : header.destinationPort));
      if (count === undefined) continue;
      count[asked ? 'packetsIn' : 'packetsOut'] += 1;
      count[asked ? 'bytesIn' : 'bytesOut'] +=
        ip.kind === 'ipv4' ? ip.totalLength : ip.payloadLength + 40;
    }
  for (const {answeredBy} of rig.requests) {
    const count = servers.get(answeredBy);
    if (count !== undefined) count.connections += 1;
  }
  const all = columns.map(column =>
    [...servers.values()].reduce((sum, count) => sum + count[column], 0),
  );
  const endpoint = (address: string, at: number): string =>
    address.includes(':') ? `[${address}]:${at}` : `${address}:${at}`;
  const line = (start: string, numbers: readonly number[]): string =>
    [start, ...numbers].join('  ');
  rig.expectation = {...rig.expectation, counters: {nodes: ['director']}};
  rig.append('director', 'ipvsadm-stats-state', 'equal\n');
  rig.append(
    'director',
    'ipvsadm-stats',
    [
      'IP Virtual Server version 1.2.1 (size=4096)',
      'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes',
      '  -> RemoteAddress:Port',
      line(`${rig.expectation.protocol.toUpperCase()}  ${endpoint(rig.address('VIP'), 80)}`, all),
      ...[...servers].map(([node, count]) =>
        line(
          `  -> ${endpoint(rig.address(node === 'rs1' ? 'RIP1' : 'RIP2'), port)}`,
          columns.map(column => count[column]),
        ),
      ),
      '',
    ].join('\n'),
  );
  tables(rig, endpoint, port, servers);
  const hexadecimal = (numbers: readonly number[]): string =>
    numbers.map(number => number.toString(16).toUpperCase()).join(' ');
  rig.append(
    'director',
    'ip-vs-stats-percpu',
    [
      '       Total Incoming Outgoing         Incoming         Outgoing',
      'CPU    Conns  Packets  Packets            Bytes            Bytes',
      `  0 ${hexadecimal(all.map(number => Math.floor(number / 2)))}`,
      `  1 ${hexadecimal(all.map(number => Math.ceil(number / 2)))}`,
      '  ~ 0 0 0 0 0',
      '',
      '     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s',
      '           0        0        0                0                0',
      '',
    ].join('\n'),
  );
}

/** `ipvsadm -Ln` and `/proc/net/ip_vs`: all connections have ended. */
function tables(
  rig: Rig,
  endpoint: (address: string, port: number) => string,
  port: number,
  servers: ReadonlyMap<string, Count>,
): void {
  const protocol = rig.expectation.protocol.toUpperCase();
  const method =
    rig.mode === 'dr' ? 'Route' : rig.mode === 'nat' || rig.mode === 'fullnat' ? 'Masq' : 'Tunnel';
  const proc = (address: string, at: number): string => {
    const octets = address.split('.').map(octet => Number(octet).toString(16).padStart(2, '0'));
    const hosts = address.includes(':') ? `[${address}]` : octets.join('').toUpperCase();
    return `${hosts}:${at.toString(16).toUpperCase().padStart(4, '0')}`;
  };
  for (const [name, word] of [
    ['ipvsadm-Ln', endpoint],
    ['ip-vs', proc],
  ] as const)
    rig.texts.set(
      `director ${name}`,
      [
        'IP Virtual Server version 1.2.1 (size=4096)',
        'Prot LocalAddress:Port Scheduler Flags',
        '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
        `${protocol}  ${word(rig.address('VIP'), 80)} rr`,
        ...[...servers].map(
          ([node, {connections}]) =>
            `  -> ${word(rig.address(node === 'rs1' ? 'RIP1' : 'RIP2'), port)}      ${method}  1      0          ${connections}`,
        ),
        '',
      ].join('\n'),
    );
}
