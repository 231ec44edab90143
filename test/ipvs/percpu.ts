import test from 'ava';
import {parsePerCpu} from '../../src/ipvs/percpu.ts';

const text = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
  0        4       1D       1B              840             47E0
  1        1        A        0              1F4                0
  ~        0        0        0                0                0

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
           1        2        3                4                5
`;

test('what each processor counted is summed up, not what is summed up late', t => {
  t.deepEqual(parsePerCpu(text), {
    connections: 5,
    packetsIn: 0x1d + 0xa,
    packetsOut: 0x1b,
    bytesIn: 0x840 + 0x1f4,
    bytesOut: 0x47e0,
  });
});

for (const [name, bad] of [
  ['nothing', ''],
  ['a file that ends early', text.slice(0, 200)],
  ['a number that is none', text.replace('1D', 'XX')],
  ['no processor', text.replace(/^ {2}[01] .*\n/gm, '')],
] as const)
  test(`${name} has no counters`, t => {
    t.is(parsePerCpu(bad), undefined);
  });
