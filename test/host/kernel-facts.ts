import test from 'ava';
import {parseProbe} from '../../src/host/kernel-facts.ts';
import {BrokenLabError} from '../../src/problem.ts';

test('a kernel with IPVS: what it has, in the order of asking, and its sysctls', t => {
  const text = [
    'release 6.1.0-56-cloud-amd64',
    'has ipvs',
    'has scheduler-mh',
    'has tunl0',
    'sysctl net.ipv4.vs.conntrack',
    'sysctl net.ipv4.vs.pmtu_disc',
    '',
  ].join('\r\n');
  t.deepEqual(parseProbe(text), {
    release: '6.1.0-56-cloud-amd64',
    has: ['scheduler-mh', 'ipvs', 'tunl0'],
    sysctls: ['net.ipv4.vs.conntrack', 'net.ipv4.vs.pmtu_disc'],
  });
});

test('a kernel without IPVS has nothing of it', t => {
  t.deepEqual(parseProbe('release 6.18.0\n'), {release: '6.18.0', has: [], sysctls: []});
});

test('what is no capability is not taken for one', t => {
  t.deepEqual(parseProbe('release 6.18.0\nhas everything\n').has, []);
});

test('a container that said nothing usable is a broken lab', t => {
  t.throws(() => parseProbe('exec format error\n'), {
    instanceOf: BrokenLabError,
    message: /exec format error/,
  });
});
