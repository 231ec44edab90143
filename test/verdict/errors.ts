import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import {quote} from '../../src/wire/fragment.ts';
import {goodRun} from '../support/good-run.ts';
import {linkOf} from '../support/legs.ts';
import type {Rig} from '../support/rig.ts';

/** An ICMP message from the router to the client, with what it quotes. */
function tell(rig: Rig, icmp: Layer, quoted: Uint8Array): void {
  const {sender, receiver} = linkOf(rig.topology, 'router', 'client');
  rig.see(
    build(
      [
        {kind: 'ethernet', source: sender.mac, destination: receiver.mac},
        {
          kind: 'ipv4',
          source: sender.address.v4 ?? '',
          destination: rig.address('CIP'),
          ttl: 64,
          id: 900,
        },
        icmp,
      ],
      quoted,
    ),
    `router ${sender.name}`,
    `client ${receiver.name}`,
  );
}

const failed = (rig: Rig): readonly string[] =>
  rig
    .judge()
    .checks.filter(({verdict}) => verdict === 'FAIL')
    .map(({id}) => id);

const fails = test.macro({
  exec(t, icmp: Layer, quoted: (rig: Rig) => Uint8Array, check: string) {
    const rig = goodRun('dr');
    t.deepEqual(failed(rig), []);
    tell(rig, icmp, quoted(rig));
    t.deepEqual(failed(rig), [check]);
  },
  title: name => `a lab that expects none fails by ${name ?? ''}`,
});

const segment = (rig: Rig, clientPort: number): Uint8Array =>
  quote(
    build([
      {kind: 'ipv4', source: rig.address('CIP'), destination: rig.address('VIP'), ttl: 63, id: 1},
      {kind: 'tcp', sourcePort: clientPort, destinationPort: 80, flags: 'S', sequence: 1},
    ]),
  );
const tooBig: Layer = {kind: 'icmp', type: 3, code: 4, rest: 1400};
test(
  'an ICMP error that quotes a connection',
  fails,
  tooBig,
  rig => segment(rig, 40_000),
  'errors',
);
test('an ICMP error that quotes another', fails, tooBig, rig => segment(rig, 9), 'errors');
test('an ICMP error that quotes nothing', fails, tooBig, () => new Uint8Array(), 'errors');
test('a ping', fails, {kind: 'icmp', type: 8, rest: 1}, () => new Uint8Array(8), 'strays');
