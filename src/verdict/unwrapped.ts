import {placeOf, sightingsOf} from '../trace/essence.ts';
import type {Crossing, Sighting} from '../trace/types.ts';
import {innermostIp} from '../wire/packet.ts';
import type {Case} from './case.ts';
import {CheckDraft} from './checks.ts';
import {isDouble} from './path-checks.ts';
import {Notation} from './notation.ts';
import type {Check} from './types.ts';

/**
 * Where a real server's tunnel device is captured: each packet that came to it wrapped comes out of the device once, byte for
 * byte what was inside (net/ipv4/ipip.c, ip_gre.c, fou_core.c), and nothing else does. [] without such a capture.
 */
export function checkUnwrapped(judged: Case): readonly Check[] {
  const {run, expectation, request} = judged;
  const last = request.at(-1);
  const captured = new Set(
    run.record.captures
      .filter(({node, interface: name}) => {
        const {interfaces} = run.topology.nodes.find(one => one.name === node) ?? {interfaces: []};
        return (
          expectation.realServers.some(server => server.node === node) &&
          !interfaces.some(link => link.name === name)
        );
      })
      .map(({node}) => node),
  );
  if (last === undefined || last.encapsulation === 'none' || captured.size === 0) return [];
  const draft = new CheckDraft('unwrapped', 'out of the tunnel device comes what was wrapped');
  const notation = new Notation(judged.names);
  for (const {flow, request: paths} of judged.connections)
    for (const path of paths) {
      const arrived = path.crossings.at(-1);
      if (arrived?.to === undefined || !captured.has(arrived.to)) continue;
      if (isDouble(judged.altered, flow, path)) continue;
      draft.judge();
      const {delivered} = path;
      if (delivered.length !== 1)
        draft.fail({
          field: 'unwrapped',
          expected: `once at ${arrived.to}`,
          actual: `${delivered.length} times`,
          place: placeOf(arrived.any),
          expectedPacket: '',
          actualPacket: notation.seen(arrived),
        });
      for (const sighting of delivered) compare(draft, notation, arrived, sighting);
    }
  for (const crossing of judged.trace.other)
    for (const sighting of sightingsOf(crossing))
      if (sighting.frame.linkType === 'raw' && captured.has(sighting.node))
        draft.fail({
          field: 'unwrapped',
          expected: 'only what came wrapped',
          actual: 'a packet that did not',
          place: placeOf(sighting),
          actualPacket: notation.packet(sighting.packet),
        });
  return [draft.done()];
}

function compare(
  draft: CheckDraft,
  notation: Notation,
  arrived: Crossing,
  sighting: Sighting,
): void {
  const [inside, outside] = [innermost(arrived.any), innermost(sighting)];
  if (inside.equals(outside)) return;
  draft.fail({
    field: 'unwrapped',
    expected: 'the bytes that were wrapped',
    actual: 'other bytes',
    place: placeOf(sighting),
    expectedPacket: notation.packet(arrived.any.packet),
    actualPacket: notation.packet(sighting.packet),
  });
}

function innermost({frame, packet}: Sighting): Buffer {
  const start = innermostIp(packet)?.offset ?? 0;
  return Buffer.from(frame.bytes.subarray(start, packet.payload.offset + packet.payload.length));
}
