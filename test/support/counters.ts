import {decode} from '../../src/wire/decode.ts';
import {innermostIp, transport} from '../../src/wire/packet.ts';
import {ipvsTexts} from './ipvs-texts.ts';
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
  rig.expectation = {...rig.expectation, counters: {nodes: ['director']}};
  const said = ipvsTexts({
    protocol: rig.expectation.protocol.toUpperCase(),
    address: rig.address('VIP'),
    port: 80,
    method:
      rig.mode === 'dr'
        ? 'Route'
        : rig.mode === 'nat' || rig.mode === 'fullnat'
          ? 'Masq'
          : 'Tunnel',
    // All connections have ended.
    servers: [...servers].map(([node, count]) => ({
      address: rig.address(node === 'rs1' ? 'RIP1' : 'RIP2'),
      port,
      counts: [
        count.connections,
        count.packetsIn,
        count.packetsOut,
        count.bytesIn,
        count.bytesOut,
      ] as const,
      inactive: count.connections,
    })),
  });
  for (const [name, text] of Object.entries(said)) rig.texts.set(`director ${name}`, text);
}
