import {Agent} from 'node:http';
import Docker from 'dockerode';
import {BrokenLabError} from '../problem.ts';
import type {Problem} from '../problem.ts';

/** How an engine is reached. */
export type EngineAddress =
  | {readonly kind: 'socket'; readonly path: string}
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly tls?: {readonly ca: string; readonly cert: string; readonly key: string} | undefined;
    };

/**
 * A client of the engine at exactly this address, whatever DOCKER_HOST says (docker-modem lets the environment win).
 * When the engine cannot be reached, now or later, its calls reject with BrokenLabError worded by `gone`; what the engine itself
 * answers (`statusCode`) passes as it is. `close` drops the connections that are kept open.
 */
export function connectEngine(
  address: EngineAddress,
  gone: () => Problem,
): {engine: Docker; close(): void} {
  const agent = address.kind === 'tcp' && address.tls ? undefined : new Agent({keepAlive: true});
  const engine = withoutDockerEnvironment(
    () =>
      new Docker(
        address.kind === 'socket'
          ? {socketPath: address.path}
          : {
              host: address.host,
              port: address.port,
              protocol: address.tls ? 'https' : 'http',
              ...address.tls,
            },
      ),
  );
  // The constructor takes it, its types do not know it.
  if (agent !== undefined) Object.assign(engine.modem, {agent});
  const dial: Docker['modem']['dial'] = engine.modem.dial.bind(engine.modem);
  engine.modem.dial = (options, callback) =>
    dial(options, (error, result) =>
      callback?.(lost(error) ? broken(gone(), error) : error, result),
    );
  return {engine, close: () => agent?.destroy()};
}

/** Node's codes for a connection that could not be made or broke; `socket hang up` is ECONNRESET. */
const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EACCES',
]);

const lost = (error: unknown): boolean =>
  error instanceof Error &&
  !('statusCode' in error) &&
  'code' in error &&
  connectionCodes.has(String(error.code));

const broken = (problem: Problem, cause: unknown): BrokenLabError =>
  new BrokenLabError(problem, cause);

function withoutDockerEnvironment<T>(make: () => T): T {
  const kept = Object.entries(process.env).filter(([name]) => name.startsWith('DOCKER_'));
  for (const [name] of kept) delete process.env[name];
  try {
    return make();
  } finally {
    for (const [name, text] of kept) process.env[name] = text;
  }
}
