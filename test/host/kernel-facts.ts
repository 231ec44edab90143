import test from 'ava';
import {parseProbe} from '../../src/host/kernel-facts.ts';
import {BrokenLabError} from '../../src/problem.ts';

test('a kernel with IPVS', t => {
  const text =
    'release 6.1.0-56-cloud-amd64\r\nipvs yes\r\nscheduler rr\r\nscheduler mh\r\ntunnel tunl0\r\n';
  t.deepEqual(parseProbe(text), {
    release: '6.1.0-56-cloud-amd64',
    ipvs: true,
    schedulers: ['rr', 'mh'],
    tunnels: ['tunl0'],
  });
});

test('a kernel without IPVS has no schedulers', t => {
  t.deepEqual(parseProbe('release 6.18.0\n'), {
    release: '6.18.0',
    ipvs: false,
    schedulers: [],
    tunnels: [],
  });
});

test('a container that said nothing usable is a broken lab', t => {
  t.throws(() => parseProbe('exec format error\n'), {
    instanceOf: BrokenLabError,
    message: /exec format error/,
  });
});
