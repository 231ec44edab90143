import test from 'ava';
import {announcementIn, sixNumbers} from '../../src/verdict/ftp-announcement.ts';

const reads = test.macro({
  exec(t, text: string, expected: object | undefined) {
    const found = announcementIn(Buffer.from(text, 'latin1'));
    if (expected === undefined) t.is(found, undefined);
    else t.like(found, expected);
  },
  title: (_, text) => JSON.stringify(text),
});
const pasv = '227 Entering Passive Mode (203,0,113,21,180,165).\r\n';
test(reads, pasv, {command: 'PASV', address: '203.0.113.21', port: 46_245});
test(reads, '227 (1,2,3,4,0,21)', {command: 'PASV', address: '1.2.3.4', port: 21});
test(reads, 'PORT 192,0,2,10,156,64\r\n', {command: 'PORT', address: '192.0.2.10', port: 40_000});
test(reads, '229 Entering Extended Passive Mode (|||49751|)\r\n', {
  command: 'EPSV',
  address: undefined,
  port: 49_751,
});
test(reads, 'EPRT |1|192.0.2.10|40000|\r\n', {
  command: 'EPRT',
  address: '192.0.2.10',
  port: 40_000,
});
test(reads, 'EPRT |2|2001:db8:1::10|40000|\r\n', {
  command: 'EPRT',
  address: '2001:db8:1::10',
  port: 40_000,
});
test(reads, '', undefined);
test(reads, '227 Entering Passive Mode\r\n', undefined);
test(reads, '227 Entering Passive Mode (203,0,113,21,180).\r\n', undefined);
test(reads, ' 227 (1,2,3,4,0,21)', undefined);
test(reads, 'RETR (1,2,3,4,0,21)\r\n', undefined);
test(reads, 'PORT 192,0,2,10,156\r\n', undefined);

test('the numbers stand where they are said to stand', t => {
  const {from = 0, to = 0} = announcementIn(Buffer.from(pasv)) ?? {};
  t.is(pasv.slice(from, to), '203,0,113,21,180,165');
  t.is(sixNumbers('198.51.100.80', 46_245), '198,51,100,80,180,165');
});
