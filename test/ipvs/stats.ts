import test from 'ava';
import {InputError} from '../../src/problem.ts';
import {parseStats} from '../../src/ipvs/stats.ts';

const title = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
`;

test('counters of services and real servers are read in their order', t => {
  const text = `${title}TCP  198.51.100.80:80                    4       30       26     2164    18348
  -> 203.0.113.21:8080                   2       16       12     1134 123456789012
FWM  8 IPv6                              0        0        0        0        0
  -> [2001:db8:2::22]:0                  1        2        3        4        5
`;
  const counters = (...numbers: number[]) => {
    const [connections, packetsIn, packetsOut, bytesIn, bytesOut] = numbers;
    return {connections, packetsIn, packetsOut, bytesIn, bytesOut};
  };
  t.deepEqual(
    parseStats(text) as unknown,
    [
      {
        key: {kind: 'address', protocol: 'tcp', address: '198.51.100.80', port: 80},
        counters: counters(4, 30, 26, 2164, 18348),
        realServers: [
          {
            address: '203.0.113.21',
            port: 8080,
            counters: counters(2, 16, 12, 1134, 123456789012),
          },
        ],
      },
      {
        key: {kind: 'fwmark', mark: 8, family: 'v6'},
        counters: counters(0, 0, 0, 0, 0),
        realServers: [{address: '2001:db8:2::22', port: 0, counters: counters(1, 2, 3, 4, 5)}],
      },
    ] as unknown,
  );
});

test('a shortened counter, which is not exact, is refused at its place', t => {
  const text = `${title}TCP  198.51.100.80:80  4  30  26  2164  123456K\n`;
  const error = t.throws(() => parseStats(text, 'stats'), {instanceOf: InputError});
  t.regex(error?.message ?? '', /^stats:4:41: not a number of bytes out\n {2}got {4}123456K/);
});
