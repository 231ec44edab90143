import type {Family} from '../../src/topology/types.ts';
import {build, type Layer} from '../../src/wire/build.ts';
import {concat} from '../../src/wire/bytes.ts';
import {fragment} from '../../src/wire/fragment.ts';
import {goodRun} from './good-run.ts';
import {layersOf, legsOf, linkOf, type Content, type Leg, type Mode} from './legs.ts';
import type {Rig} from './rig.ts';

/** One packet over one link in fragments of at most `mtu` bytes. */
export function cut(rig: Rig, leg: Leg, content: Content, mtu: number): void {
  const {sender, receiver} = linkOf(rig.topology, leg.from, leg.to);
  const ethernet: Layer = {kind: 'ethernet', source: sender.mac, destination: receiver.mac};
  const layers = layersOf(leg, content).map((layer): Layer =>
    layer.kind === 'ipv4' ? {...layer, dontFragment: false} : layer,
  );
  const payload = Buffer.from(content.payload ?? '');
  const frame = build([ethernet, ...layers], payload);
  for (const piece of fragment(frame.subarray(14), mtu, 77))
    rig.see(
      concat(frame.subarray(0, 14), piece),
      `${leg.from} ${sender.name}`,
      `${leg.to} ${receiver.name}`,
    );
}

/** A datagram of 4000 bytes to rs1 that crosses each link in three fragments, and an answer in one. */
export function cutRun(mode: Mode, family: Family): Rig {
  const rig = goodRun(mode, family, 'udp', 0);
  const route = rig.route('rs1', 40_000);
  const content = {id: 4, protocol: 'udp', payload: 'x'.repeat(4000)} as const;
  for (const leg of legsOf(route, 'request')) cut(rig, leg, content, 1500);
  rig.send(legsOf(route, 'reply'), {id: 9, protocol: 'udp', payload: 'reply'});
  rig.note(route);
  return rig;
}
