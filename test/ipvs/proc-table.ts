import test from 'ava';
import {parseProcTable} from '../../src/ipvs/proc-table.ts';

const title = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
`;

test('real servers of both families are read', t => {
  const text = `${title}TCP  C6336450:0050 rr 
  -> C0000216:0050      Route   1      0          2         
  -> C0000215:1F90      Masq    10     1          3         
FWM  00000007 IPv6 wlc persistent 300
  -> [2001:0db8:0001:0000:0000:0000:0000:0015]:0000      Tunnel  3      0          0         
`;
  t.deepEqual(parseProcTable(text), [
    {address: '192.0.2.22', port: 80, listedForward: 'Route', weight: 1, active: 0, inactive: 2},
    {address: '192.0.2.21', port: 8080, listedForward: 'Masq', weight: 10, active: 1, inactive: 3},
    {
      address: '2001:db8:1::15',
      port: 0,
      listedForward: 'Tunnel',
      weight: 3,
      active: 0,
      inactive: 0,
    },
  ]);
});

test('a table without services has no real server', t => {
  t.deepEqual(parseProcTable(title), []);
});

test('what is no table is none', t => {
  t.is(parseProcTable(''), undefined);
  t.is(parseProcTable(`${title}  -> here:80 Route 1 0 0\n`), undefined);
});
