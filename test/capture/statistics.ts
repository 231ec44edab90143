import test from 'ava';
import {parseStatistics} from '../../src/capture/statistics.ts';

const whole = `tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
58 packets captured
60 packets received by filter
2 packets dropped by kernel
`;

test('the closing lines are read', t => {
  t.deepEqual(parseStatistics(whole), {
    captured: 58,
    receivedByFilter: 60,
    droppedByKernel: 2,
    droppedByInterface: 0,
  });
});

test('one packet is a packet, and drops at the interface are read where they are', t => {
  const text = whole.replace('58 packets', '1 packet') + '3 packets dropped by interface\n';
  t.like(parseStatistics(text), {captured: 1, droppedByInterface: 3});
});

test('a tcpdump that was killed before its last line has no statistics', t => {
  t.is(parseStatistics(whole.split('\n').slice(0, 3).join('\n')), undefined);
  t.is(parseStatistics(''), undefined);
  t.is(parseStatistics('tcpdump: eth9: No such device exists\n'), undefined);
});
