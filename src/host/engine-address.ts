import {existsSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {InputError} from '../problem.ts';
import type {EngineAddress} from './docker.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** An engine's address as the client takes it, and as people write it. */
export interface NamedAddress {
  readonly address: EngineAddress;
  readonly text: string;
}

const forms = ['unix:///path/to/docker.sock', 'tcp://host:2375', 'tcp://host:2376 (TLS)'];

/**
 * Where the user's engine is: DOCKER_HOST (with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, as the docker command reads them), else
 * the socket of the machine or of Docker Desktop. Throws InputError for an address that cannot be used.
 */
export function engineAddress(env: Environment): NamedAddress {
  const text = env['DOCKER_HOST'] ?? '';
  if (text === '') {
    const own = join(homedir(), '.docker', 'run', 'docker.sock');
    const path =
      !existsSync('/var/run/docker.sock') && existsSync(own) ? own : '/var/run/docker.sock';
    return {address: {kind: 'socket', path}, text: `unix://${path}`};
  }
  if (text.startsWith('unix://') && text.length > 'unix://'.length)
    return {address: {kind: 'socket', path: text.slice('unix://'.length)}, text};
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'ssh:')
    throw wrong(
      text,
      `forward its socket: ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock ${url.host}, then DOCKER_HOST=unix:///tmp/engine.sock`,
    );
  if (
    url === undefined ||
    !['tcp:', 'http:', 'https:'].includes(url.protocol) ||
    url.hostname === ''
  )
    throw wrong(text, 'set DOCKER_HOST to one of these forms, or use --host guest');
  const verify = (env['DOCKER_TLS_VERIFY'] ?? '') !== '';
  const secure = verify || url.protocol === 'https:' || url.port === '2376';
  const port = url.port === '' ? (secure ? 2376 : 2375) : Number(url.port);
  const tls = secure ? readCertificates(env) : undefined;
  return {address: {kind: 'tcp', host: url.hostname, port, tls}, text};
}

function wrong(text: string, next: string): InputError {
  return new InputError({
    what: 'the address of the Docker engine cannot be used',
    where: 'DOCKER_HOST',
    value: text,
    valid: forms,
    next,
  });
}

function readCertificates(env: Environment): {ca: string; cert: string; key: string} {
  const folder = env['DOCKER_CERT_PATH'] ?? join(homedir(), '.docker');
  const read = (name: string): string => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch (error) {
      throw new InputError(
        {
          what: 'a certificate for the Docker engine cannot be read',
          where: join(folder, name),
          next: 'set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem',
        },
        error,
      );
    }
  };
  return {ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem')};
}
