import {build, type Layer} from '../../src/wire/build.ts';
import {setU16} from '../../src/wire/bytes.ts';
import {complement, sum} from '../../src/wire/checksum.ts';
import {quote} from '../../src/wire/fragment.ts';
import {patch} from '../../src/wire/patch.ts';
import type {ErrorExpectation} from '../../src/verdict/types.ts';
import {goodRun} from './good-run.ts';
import {layersOf, legsOf, linkOf} from './legs.ts';
import type {Rig} from './rig.ts';

/** What the run of `unreachableRun` must show. */
export const expectedError: ErrorExpectation = {
  of: 'request',
  type: 3,
  code: 3,
  path: [
    {link: 'rs > director', ip: 'RIP > CIP', quotes: {ip: 'CIP > RIP', ports: 'CPORT > 8080'}},
    {link: 'director > router', ip: 'VIP > CIP', quotes: {ip: 'CIP > VIP', ports: 'CPORT > 80'}},
    {link: 'router > client'},
  ],
  count: [2, 2],
};

/** Datagrams through NAT to real servers where nothing listens, and what these say, as IPVS hands it on. */
export function unreachableRun(): Rig {
  const rig = goodRun('nat', 'v4', 'udp', 0);
  for (const [i, server] of (['rs1', 'rs2'] as const).entries()) {
    const route = rig.route(server, 40_000 + i);
    const content = {id: 50 + i, protocol: 'udp', payload: 'question'} as const;
    const legs = legsOf(route, 'request');
    rig.send(legs, content);
    const last = legs.at(-1);
    if (last === undefined) throw new Error('no way to the real server');
    const came = build([...layersOf(last, content)], Buffer.from(content.payload));
    tell(rig, server, quote(came), 900 + i);
    rig.note(route);
  }
  rig.requests.splice(
    0,
    rig.requests.length,
    ...rig.requests.map(request => ({
      ...request,
      answered: false,
      status: 0,
      exitCode: 7,
      answeredBy: '',
    })),
  );
  rig.expectation = {
    ...rig.expectation,
    reply: [],
    facts: [],
    errors: [expectedError],
    answers: {refused: true},
  };
  return rig;
}

function tell(rig: Rig, server: 'rs1' | 'rs2', quoted: Uint8Array, id: number): void {
  const [cip, vip] = [rig.address('CIP'), rig.address('VIP')];
  const rip = rig.address(server === 'rs1' ? 'RIP1' : 'RIP2');
  const back = toVip(quoted, vip);
  const hops = [
    [server, 'director', rip, 64, quoted],
    ['director', 'router', vip, 63, back],
    ['router', 'client', vip, 62, back],
  ] as const;
  for (const [from, to, source, ttl, carried] of hops) {
    const {sender, receiver} = linkOf(rig.topology, from, to);
    const layers: readonly Layer[] = [
      {kind: 'ethernet', source: sender.mac, destination: receiver.mac},
      {kind: 'ipv4', source, destination: cip, ttl, id, tos: 0xc0},
      {kind: 'icmp', type: 3, code: 3},
    ];
    rig.see(build(layers, carried), `${from} ${sender.name}`, `${to} ${receiver.name}`);
  }
}

/** IPVS rewrites the quoted address and port and mends the quoted IP header's checksum, not UDP's (ip_vs_nat_icmp). */
function toVip(quoted: Uint8Array, vip: string): Uint8Array {
  const packet = {bytes: quoted, linkType: 'raw', originalLength: quoted.length} as const;
  const change = {destination: vip, destinationPort: 80};
  const bytes = patch(packet, change, {checksums: 'keep'});
  setU16(bytes, 10, 0);
  setU16(bytes, 10, complement(sum(bytes, 0, 20)));
  return bytes;
}
