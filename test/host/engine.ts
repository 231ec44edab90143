import {createServer} from 'node:http';
import type {ServerResponse} from 'node:http';
import {once} from 'node:events';
import {join} from 'node:path';
import test from 'ava';
import {connectEngine} from '../../src/host/docker.ts';
import {engineAddress} from '../../src/host/engine-address.ts';
import {openEngine} from '../../src/host/engine.ts';
import {BrokenLabError, InputError} from '../../src/problem.ts';
import {newFolder} from '../support/folder.ts';

/** An HTTP server on a unix socket: whether an error passes is the client's doing, no engine is needed for it. */
async function server(answer: (path: string, response: ServerResponse) => void): Promise<string> {
  const path = join(newFolder(), 'docker.sock');
  const http = createServer((request, response) => answer(request.url ?? '', response));
  http.listen(path);
  await once(http, 'listening');
  http.unref();
  return path;
}
const gone = () => ({what: 'the engine went away', where: 'here'});

const parsed = test.macro((t, env: Record<string, string>, expected: object) => {
  t.like(engineAddress(env).address, expected);
});
test(
  'a unix socket',
  parsed,
  {DOCKER_HOST: 'unix:///run/x.sock'},
  {kind: 'socket', path: '/run/x.sock'},
);
test(
  'a TCP address',
  parsed,
  {DOCKER_HOST: 'tcp://192.0.2.1:2375'},
  {kind: 'tcp', host: '192.0.2.1', port: 2375, tls: undefined},
);
test(
  'a TCP address without port',
  parsed,
  {DOCKER_HOST: 'tcp://engine'},
  {kind: 'tcp', host: 'engine', port: 2375},
);
test('no address', parsed, {DOCKER_HOST: ''}, {kind: 'socket'});

const refused = test.macro((t, env: Record<string, string>, pattern: RegExp) => {
  const error = t.throws(() => engineAddress(env), {instanceOf: InputError});
  t.regex(error.message, pattern);
});
test(
  'ssh is refused with the way to do it',
  refused,
  {DOCKER_HOST: 'ssh://me@there'},
  /ssh -nNT -L .* me@there|ssh -nNT[\s\S]*there/,
);
test(
  'garbage is refused with what is valid',
  refused,
  {DOCKER_HOST: 'what ever'},
  /DOCKER_HOST[\s\S]*what ever[\s\S]*unix:\/\//,
);
test('npipe is refused', refused, {DOCKER_HOST: 'npipe:////./pipe/docker'}, /valid/);
test(
  'TLS needs its certificates',
  refused,
  {DOCKER_HOST: 'tcp://x:2376', DOCKER_CERT_PATH: '/nonexistent'},
  /ca\.pem[\s\S]*DOCKER_CERT_PATH/,
);

test('an engine that cannot be reached is an input error that names the address', async t => {
  const error = await t.throwsAsync(
    openEngine({env: {DOCKER_HOST: 'unix:///nonexistent/docker.sock'}}),
    {
      instanceOf: InputError,
    },
  );
  t.regex(error.message, /the Docker engine cannot be reached/);
  t.regex(error.message, /unix:\/\/\/nonexistent\/docker\.sock[\s\S]*ENOENT[\s\S]*--host guest/);
});

test.serial('the address given is the address used, whatever DOCKER_HOST says', async t => {
  const path = await server((_, response) => response.end('OK'));
  process.env['DOCKER_HOST'] = 'tcp://192.0.2.1:1';
  process.env['DOCKER_CERT_PATH'] = '/nonexistent';
  const {engine, close} = connectEngine({kind: 'socket', path}, gone);
  t.is(String(await engine.ping()), 'OK');
  t.is(process.env['DOCKER_HOST'], 'tcp://192.0.2.1:1');
  delete process.env['DOCKER_HOST'];
  delete process.env['DOCKER_CERT_PATH'];
  close();
});

test('an engine that breaks off is a broken lab; what it answers passes as it is', async t => {
  const path = await server((url, response) => {
    if (url.includes('_ping')) response.destroy();
    else
      response
        .writeHead(404, {'content-type': 'application/json'})
        .end('{"message": "no such container"}');
  });
  const {engine, close} = connectEngine({kind: 'socket', path}, gone);
  const error = await t.throwsAsync(engine.ping(), {instanceOf: BrokenLabError});
  t.regex(error.message, /here: the engine went away/);
  await t.throwsAsync(engine.getContainer('x').inspect(), {message: /no such container/});
  close();
});
