import {readFile} from 'node:fs/promises';
import test from 'ava';
import {build, type Layer} from '../../src/wire/build.ts';
import {decode} from '../../src/wire/decode.ts';
import {payloadBytes} from '../../src/wire/packet.ts';
import {readPcap} from '../../src/wire/pcap.ts';
import {printPacket} from '../../src/wire/print.ts';
import type {Frame} from '../../src/wire/types.ts';
import {ours, theirs} from './support/compare.ts';
import {header, text} from './support/frames.ts';
import {dissect} from './support/tshark.ts';

async function framesOf(file: string): Promise<readonly Frame[]> {
  return readPcap(await readFile(new URL(`support/${file}`, import.meta.url)), file).frames;
}
/** VRRP of keepalived 2.3.3, and sync messages of Linux 6.1's IPVS: TCP over both families, SIP by Call-ID, version 0. */
const directors = await framesOf('directors.pcap');
/** NAT at a director, from `tcpdump -i any`. */
const any = await framesOf('any.pcap');
/** Echo requests into a tunnel of mode ip6ip6. */
const ip6tnl = await framesOf('ip6tnl.pcap');

const [password, owner, asVersion2, ipv6, tcpSync, sipSync, sync0] = directors;

/** What tshark 4.0 sees otherwise: a checksum of version 3 as in 2, and the parameters of sync version 1. */
const unlikeTshark = new Set([asVersion2, sipSync]);
const asTshark = test.macro(async (t, frames: readonly Frame[], least: number) => {
  t.true(frames.length >= least);
  const dissected = await dissect(
    frames.map(({bytes}) => bytes),
    frames[0]?.linkType ?? 'raw',
  );
  for (const [i, frame] of frames.entries()) {
    const expected = ours(decode(frame));
    t.deepEqual(expected, theirs(dissected[i] ?? [], expected), `frame ${frame.number}`);
  }
});
test(
  'frames of directors are as tshark dissects them',
  asTshark,
  directors.filter(frame => !unlikeTshark.has(frame)),
  5,
);
test('frames of tcpdump -i any are as tshark dissects them', asTshark, any, 6);
test('frames of an ip6tnl device are as tshark dissects them', asTshark, ip6tnl, 2);

test('keepalived covers a pseudo header over IPv4 too, but for v3_checksum_as_v2', t => {
  t.like(owner && header(decode(owner), 'vrrp'), {checksum: 'good', pseudoHeader: true});
  t.like(asVersion2 && header(decode(asVersion2), 'vrrp'), {checksum: 'good', pseudoHeader: false});
  t.like(ipv6 && header(decode(ipv6), 'vrrp'), {
    checksum: 'good',
    pseudoHeader: true,
    addresses: ['fe80::53', '2001:db8:2::81'],
  });
  const vrrp = password && header(decode(password), 'vrrp');
  t.like(vrrp, {version: 2, checksum: 'good', authenticationType: 1});
  t.is(vrrp?.version === 2 && text(vrrp.authentication), '6c76736c61620000');
});

test('the kernel names the persistence engine and gives the Call-ID with a SIP connection', t => {
  const sync = sipSync && header(decode(sipSync), 'ipvs-sync');
  const connections = sync?.version === 1 ? sync.connections : [];
  t.deepEqual(
    connections.map(({clientPort, parameters}) => [
      clientPort,
      ...parameters.map(parameter =>
        parameter.kind === 'pe-data'
          ? Buffer.from(parameter.data).toString()
          : parameter.kind === 'pe-name' && parameter.name,
      ),
    ]),
    [[0, 'call-1@198.51.100.10', 'sip'], [5061], [0, 'call-1@198.51.100.10', 'sip']],
  );
});

test('what was decoded builds the same messages, byte for byte', t => {
  for (const frame of directors) {
    const packet = decode(frame);
    t.is(packet.stop, undefined);
    const message = packet.headers.at(-1);
    const ip = packet.headers[1];
    if (ip?.kind !== 'ipv4' && ip?.kind !== 'ipv6') t.fail(`frame ${frame.number}`);
    else if (message?.kind === 'vrrp' || message?.kind === 'ipvs-sync') {
      const {source, destination} = ip;
      const under: Layer = {kind: ip.kind, source, destination, protocol: ip.protocol};
      const fields: Layer =
        message.kind === 'vrrp' ? {...message, checksum: undefined} : {...message};
      const built = build([under, fields]).subarray(ip.kind === 'ipv4' ? 20 : 40);
      t.is(text(built), text(payloadBytes(frame.bytes, packet)), `frame ${frame.number}`);
    } else t.fail(`frame ${frame.number}`);
  }
});

test('real messages on one line', t => {
  t.is(
    password && printPacket(decode(password)),
    '198.51.100.2 > 224.0.0.18 vrrp v2 id 51 priority 150 198.51.100.80',
  );
  t.regex(
    tcpSync === undefined ? '' : printPacket(decode(tcpSync)),
    /ipvs-sync v1 id 7 4 of 4: .*\[2001:db8:2::10\]:48018/,
  );
  t.regex(
    sync0 === undefined ? '' : printPacket(decode(sync0)),
    /udp 39969 > 8848 ipvs-sync v0 id 7 4 of 4: 198.51.100.10:58286 198.51.100.80:80 198.51.100.21:80 protocol 6 state 1,/,
  );
});
