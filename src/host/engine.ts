import type Docker from 'dockerode';
import {BrokenLabError, InputError} from '../problem.ts';
import {connectEngine} from './docker.ts';
import {engineAddress} from './engine-address.ts';
import type {Environment, NamedAddress} from './engine-address.ts';
import {probeKernel} from './kernel-facts.ts';
import {lacking} from './kernel-needs.ts';
import {ensureNodeImage} from './node-image.ts';
import type {LabHost} from './types.ts';

/** A client of the engine that the environment names; nothing is asked of it yet. */
export function connectEngineOf(env: Environment): {engine: Docker; close(): void} {
  return connect(engineAddress(env));
}

const connect = ({address, text}: NamedAddress): {engine: Docker; close(): void} =>
  connectEngine(address, () => ({
    what: 'the Docker engine cannot be reached, or went away',
    where: text,
    next: 'see whether it runs (docker info), or use --host guest',
  }));

/**
 * The user's own engine as a lab host. Errors: InputError when it cannot be reached; BrokenLabError when the node image cannot
 * be built. The image is built and imported when the engine lacks it. Its kernel may lack anything, IPVS too.
 */
export async function openEngine({
  env,
  progress = () => {},
}: {
  env: Environment;
  progress?: ((line: string) => void) | undefined;
}): Promise<LabHost> {
  const named = engineAddress(env);
  const {engine, close} = connect(named);
  try {
    await reach(engine, named.text);
    const nodeImage = await ensureNodeImage(engine, progress);
    const kernel = await probeKernel(engine, nodeImage);
    const closed = (): Promise<void> => Promise.resolve(close());
    return {
      kind: 'engine',
      accelerator: 'native',
      engine,
      kernel,
      nodeImage,
      deployed: undefined,
      // Its kernel log is the user's: a container with our few rights may not read it.
      kernelTrouble: () => Promise.resolve([]),
      close: closed,
      [Symbol.asyncDispose]: closed,
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function reach(engine: Docker, text: string): Promise<void> {
  try {
    await engine.ping();
  } catch (error) {
    const cause = error instanceof BrokenLabError ? error.cause : error;
    throw new InputError(
      {
        what: 'the Docker engine cannot be reached',
        where: text,
        value: cause instanceof Error ? cause.message : String(cause),
        next: 'start it, set DOCKER_HOST to another, or use --host guest, which needs none',
      },
      error,
    );
  }
}

/** Throws InputError when the engine's kernel has no IPVS: nothing on it could be a director. */
export async function requireIpvs({
  engine,
  kernel,
}: Pick<LabHost, 'engine' | 'kernel'>): Promise<void> {
  const lack = lacking(kernel, ['ipvs']);
  if (lack === undefined) return;
  const {Name: name, OperatingSystem: system} = await engine.info();
  throw new InputError({
    what: lack,
    where: `engine ${String(name)} (${String(system)})`,
    next: moduleAdvice,
  });
}

/** What to do about an engine whose kernel lacks something. */
export const moduleAdvice =
  'load the module on that machine, or use --host guest, which brings a kernel of its own';
