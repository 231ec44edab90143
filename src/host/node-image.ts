import type Docker from 'dockerode';
import {join} from 'node:path';
import {cacheFolder} from '../own/places.ts';
import {findMirrors} from './image/mirrors.ts';
import {nodeImage, nodeRoot} from './image/recipe.ts';
import {makeRoot} from './image/root-tree.ts';
import {inWorkshop} from './image/workshop.ts';

/**
 * The name of the image that nodes are made from, which the engine has from then on: built (a minute) and imported when it is not
 * there. Errors: BrokenLabError when it cannot be built.
 */
export async function ensureNodeImage(
  engine: Docker,
  progress: (line: string) => void,
): Promise<string> {
  if (await has(engine, nodeImage)) return nodeImage;
  progress(
    `building the node image ${nodeImage}: this engine does not have it (about 80 MB to download)`,
  );
  const job = {
    name: 'the node image',
    parent: join(cacheFolder(), 'node-images'),
    key: nodeImage.replace(':', '-'),
    room: 1e9,
  };
  await inWorkshop(
    job,
    ({step}) => progress(step),
    async work => {
      const tar = await makeRoot(nodeRoot, await findMirrors(), work);
      progress('importing it into the engine');
      const [repo, tag] = nodeImage.split(':');
      const answer = await engine.importImage(tar, {
        repo,
        tag,
        changes: 'CMD ["sleep","infinity"]',
      });
      await new Promise((resolve, reject) =>
        engine.modem.followProgress(answer, (error, result) =>
          error === null ? resolve(result) : reject(error),
        ),
      );
    },
  );
  return nodeImage;
}

async function has(engine: Docker, name: string): Promise<boolean> {
  try {
    await engine.getImage(name).inspect();
    return true;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return false;
    throw error;
  }
}
