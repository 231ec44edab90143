import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {fileURLToPath} from 'node:url';
import {startCaptures} from '../capture/capture.ts';
import {openEngine} from '../host/engine.ts';
import {ensureTemplate, guestCpus, openGuest} from '../host/guest/guest.ts';
import {obtainImage} from '../host/image/image.ts';
import type {KernelFacts, LabHost} from '../host/types.ts';
import {attach, deploy, type Deployment} from '../nodes/deploy.ts';
import {destroy, sweepEngine} from '../nodes/remove.ts';
import type {CommandLog} from '../nodes/types.ts';
import {ownerOf} from '../own/owner.ts';
import {startWatcher} from '../own/watcher.ts';
import {BrokenLabError} from '../problem.ts';
import type {Topology} from '../topology/types.ts';
import {noteEngine} from './engine-record.ts';

/** A lab host with a topology running on it, in its pristine state, for one use. */
export interface Place {
  readonly host: LabHost;
  readonly deployment: Deployment;
  /** The engine's version, `20.10.24+dfsg1`. */
  engineVersion(): Promise<string>;
  close(): Promise<void>;
}

/** Where the labs of one command run. */
export interface Session {
  /** What every place's kernel is and can do. */
  readonly kernel: KernelFacts;
  readonly accelerator: string;
  /** Opens a place for one lab; places are independent of each other and may be open at the same time. */
  open(
    topology: Topology,
    run: string,
    log: CommandLog,
    progress: (line: string) => void,
  ): Promise<Place>;
  /** Closes every place that is still open. */
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly host: 'guest' | 'engine';
  readonly kernel: string;
  /** The tree with the modules of a kernel of one's own. */
  readonly modules?: string | undefined;
  /** Places that are open at the same time. */
  readonly jobs: number;
  /** The environment that says which engine is meant. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: (line: string) => void;
}

/** A session that does not yet look after its places. */
interface Places extends Omit<Session, 'open'> {
  open(...details: Parameters<Session['open']>): Promise<Omit<Place, 'engineVersion'>>;
}

/** Opens a session. Throws InputError when the engine cannot serve, or what set-up needs is missing. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const watcher = startWatcher();
  const places = new Set<Place>();
  // The same for all places of a session, and an answer takes as long as a request of a lab.
  let version: string | undefined;
  const inner = options.host === 'guest' ? await onGuests(options) : await onEngine(options);
  return {
    kernel: inner.kernel,
    accelerator: inner.accelerator,
    async open(...details) {
      const place = await inner.open(...details);
      const tracked: Place = {
        ...place,
        engineVersion: async () => (version ??= (await place.host.engine.version()).Version),
        close: async () => {
          places.delete(tracked);
          await place.close();
        },
      };
      places.add(tracked);
      return tracked;
    },
    async close() {
      await Promise.allSettled([...places].map(place => place.close()));
      await inner.close();
      watcher.stop();
    },
  };
}

/** Each place is a guest of its own, restored from a template in which the topology's nodes already run. */
async function onGuests({kernel, modules, jobs, progress}: SessionOptions): Promise<Places> {
  const processors = jobs * guestCpus > availableParallelism() ? 'in-turn' : 'parallel';
  const image = await obtainImage({kernel, modules}, ({step}) => progress(step));
  const facts = await ensureTemplate({image, progress: ({step}) => progress(step)});
  return {
    ...facts,
    async open(topology, _run, log, tell) {
      let deployment: Deployment | undefined;
      const host = await openGuest({
        image,
        processors,
        key: templateKey(topology),
        prepare: async made => {
          tell(`starting the nodes of ${topology.name} for its template`);
          const prepared = await deploy(made, topology, {
            run: `template-${topology.name}`,
            owner: ownerOf(),
          });
          // Starting them takes longer than the traffic: in the template they listen already.
          await startCaptures(prepared.shells, topology);
          await prepared.close();
        },
        ready: async restored => {
          deployment = await attach(restored.engine, topology, {log});
        },
        progress: ({step}) => tell(step),
      });
      const attached = deployment;
      if (attached === undefined)
        throw new BrokenLabError({what: 'the guest was given back without its nodes'});
      return {host, deployment: attached, close: () => closeAll(attached, host)};
    },
    close: () => Promise.resolve(),
  };
}

const closeAll = async (deployment: Deployment, host: LabHost): Promise<void> => {
  await deployment.close();
  await host.close();
};

/** The user's own engine: each place is a deployment of its own. */
async function onEngine({env}: SessionOptions): Promise<Places> {
  const host = await openEngine({env});
  const forget = noteEngine(env);
  // What an engine was still making for a killed run when that was swept.
  await sweepEngine(host.engine);
  return {
    kernel: host.kernel,
    accelerator: host.accelerator,
    async open(topology, run, log, tell) {
      tell(`starting the nodes of ${topology.name}`);
      const deployment = await deploy(host, topology, {run, owner: ownerOf(), log});
      return {
        host,
        deployment,
        close: async () => {
          await deployment.close();
          await destroy(host.engine, run);
        },
      };
    },
    close: async () => {
      await host.close();
      forget();
    },
  };
}

/** Changes with the topology and with the code that makes nodes of it and captures at them. */
function templateKey(topology: Topology): string {
  const hash = createHash('sha256').update(JSON.stringify(topology));
  for (const folder of ['../nodes/', '../capture/'].map(path => new URL(path, import.meta.url)))
    for (const name of readdirSync(fileURLToPath(folder)).toSorted())
      hash.update(name).update(readFileSync(new URL(name, folder)));
  return `${topology.name}-${hash.digest('hex').slice(0, 16)}`;
}
