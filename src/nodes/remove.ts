import type Docker from 'dockerode';
import {poll} from '../host/poll.ts';
import {BrokenLabError} from '../problem.ts';
import {isOrphan, label, listMade, type Made} from './labels.ts';

/** How long the removal of one thing may take, by whomever. */
const removalMs = 60_000;

/** Removes all containers, then all networks, of a run; what is gone already is fine. Gives what it removed. */
export async function destroy(engine: Docker, run: string): Promise<readonly string[]> {
  return removeAll(engine, await listMade(engine, run));
}

/**
 * Removes what dead owners of this machine left in the engine (not what was deployed to stay). An owner of another
 * machine, or of an earlier boot of an engine that outlives it, cannot be told apart from a live one by its pid.
 */
export async function sweepEngine(engine: Docker): Promise<readonly string[]> {
  return removeAll(engine, (await listMade(engine)).filter(isOrphan));
}

/** A deployment in the engine, as its labels tell. */
export interface Inspected {
  readonly run: string;
  readonly topology: string;
  readonly keep: boolean;
  readonly nodes: readonly {readonly node: string; readonly container: string}[];
  readonly networks: readonly string[];
}

/** All deployments in the engine, by run. */
export async function inspect(engine: Docker): Promise<readonly Inspected[]> {
  const made = await listMade(engine);
  const runs = [...new Set(made.map(({labels}) => labels[label.run] ?? ''))];
  return runs.map(run => {
    const ofRun = made.filter(({labels}) => labels[label.run] === run);
    return {
      run,
      topology: ofRun[0]?.labels[label.topology] ?? '',
      keep: ofRun.some(({labels}) => labels[label.keep] !== undefined),
      nodes: ofRun
        .filter(({kind}) => kind === 'container')
        .map(({name, labels}) => ({node: labels[label.node] ?? '', container: name})),
      networks: ofRun.filter(({kind}) => kind === 'network').map(({name}) => name),
    };
  });
}

async function removeAll(engine: Docker, made: readonly Made[]): Promise<readonly string[]> {
  const ofKind = (kind: Made['kind']) => made.filter(thing => thing.kind === kind);
  await Promise.all(
    ofKind('container').map(thing =>
      gone(thing, engine.getContainer(thing.id), {force: true, v: true}),
    ),
  );
  await Promise.all(ofKind('network').map(thing => gone(thing, engine.getNetwork(thing.id))));
  return made.map(({kind, name}) => `${kind} ${name}`);
}

/** Something in the engine that can be removed. */
interface Removable {
  remove(options?: object): Promise<unknown>;
}

/**
 * 404: another one removed it. 409: another one, such as the watcher of a killed run, is just removing it; only when
 * that has ended can its networks be removed, and only then is nothing left.
 */
async function gone({kind, name}: Made, thing: Removable, options: object = {}): Promise<void> {
  const removed = async (): Promise<boolean> => {
    try {
      await thing.remove(options);
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return true;
      if (statusOf(error) === 409 && /already in progress/.test(String(error))) return false;
      throw error;
    }
  };
  try {
    const ended = await poll(async () => ((await removed()) ? true : undefined), {
      deadline: removalMs,
    });
    if (ended === undefined) throw new Error(`still being removed after ${removalMs} ms`);
  } catch (error) {
    throw new BrokenLabError(
      {
        what: `cannot remove ${kind} ${name}`,
        where: 'Docker engine',
        value: error instanceof Error ? error.message : String(error),
        next: `docker ${kind === 'container' ? 'rm -f' : 'network rm'} ${name}`,
      },
      error,
    );
  }
}

const statusOf = (error: unknown): unknown =>
  error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
