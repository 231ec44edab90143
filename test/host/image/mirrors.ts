import test from 'ava';
import {sumSizes} from '../../../src/host/image/apt-tree.ts';
import {parseSources, parseTargets, sourceLine} from '../../../src/host/image/mirrors.ts';

test('mirrors are told by the labels of their suites', t => {
  const text = [
    'Node Source\thttp://other.example/',
    'Debian\thttp://mirror.example/debian/',
    'Debian-Security\thttp://mirror.example/security/',
  ].join('\n');
  t.deepEqual(parseTargets(text), {
    archive: 'http://mirror.example/debian/',
    security: 'http://mirror.example/security/',
  });
});

test('a system that is no Debian, or whose lists were never fetched, names no mirror', t => {
  t.deepEqual(parseTargets('Ubuntu\thttp://mirror.example/ubuntu/\n'), {});
  t.deepEqual(parseTargets('\thttp://mirror.example/debian/\n'), {});
  t.deepEqual(parseTargets(''), {});
});

test('the built-in mirrors are read between the messages of the tool', t => {
  const text = [
    'I: running --setup-hook',
    'deb [signed-by="/k.gpg"] http://mirror.example/debian trixie main',
    'deb http://mirror.example/debian trixie-updates main',
    'deb http://mirror.example/security trixie-security main',
    'E: command failed',
  ].join('\n');
  t.deepEqual(parseSources(text), {
    archive: 'http://mirror.example/debian',
    security: 'http://mirror.example/security',
  });
});

test('sources without a security suite are refused', t => {
  t.throws(() => parseSources('deb http://mirror.example/debian trixie main\n'));
});

test('security suites come from the security mirror, and every line is checked against the keyring', t => {
  const mirrors = {archive: 'http://a.example/', security: 'http://s.example/'};
  t.regex(
    sourceLine(mirrors, 'trixie-security'),
    /^deb \[signed-by=\/\S+\] http:\/\/s\.example\/ trixie-security main$/,
  );
  t.regex(
    sourceLine(mirrors, 'trixie-backports'),
    /^deb \[signed-by=\/\S+\] http:\/\/a\.example\/ /,
  );
});

test('sizes to download are summed, and other lines ignored', t => {
  const text = "Reading lists...\n'http://a/x%2b.deb' x+.deb 1200 SHA256:0\n'http://a/y' y 34 \n";
  t.is(sumSizes(text), 1234);
});
