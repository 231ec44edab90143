import test from 'ava';
import {localScript, markScript} from '../../src/ipvs/mark.ts';
import {InputError} from '../../src/problem.ts';

test('what is for the destinations is marked, by each family in its own table', t => {
  const destinations = [
    {address: '198.51.100.80', port: 80},
    {address: '2001:db8::80', port: 443},
  ];
  t.is(
    markScript({mark: 7, protocol: 'tcp', destinations}),
    [
      "iptables-restore --noflush <<'LVSLAB'",
      '*mangle',
      '-A PREROUTING -d 198.51.100.80 -p tcp --dport 80 -j MARK --set-mark 7',
      'COMMIT',
      'LVSLAB',
      '',
      "ip6tables-restore --noflush <<'LVSLAB'",
      '*mangle',
      '-A PREROUTING -d 2001:db8::80 -p tcp --dport 443 -j MARK --set-mark 7',
      'COMMIT',
      'LVSLAB',
      '',
    ].join('\n'),
  );
});

test('addresses that a node does not hold are local by routes', t => {
  t.is(
    localScript(['198.51.100.81', '2001:db8::81']),
    "ip -batch - <<'LVSLAB'\nroute add local 198.51.100.81/32 dev lo\nroute add local 2001:db8::81/128 dev lo\nLVSLAB\n",
  );
  t.is(localScript([]), '');
});

test('nothing but addresses, ports and marks gets into the scripts', t => {
  t.throws(() => localScript(['$(id)']), {instanceOf: InputError});
  const marked = {
    mark: 7,
    protocol: 'tcp',
    destinations: [{address: '192.0.2.1', port: 80}],
  } as const;
  t.throws(() => markScript({...marked, mark: 0.5}), {instanceOf: InputError});
  t.throws(() => markScript({...marked, destinations: [{address: 'x;', port: 80}]}), {
    instanceOf: InputError,
  });
});
