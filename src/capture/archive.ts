import {buffer} from 'node:stream/consumers';
import {extract} from 'tar-stream';

/** The regular files of a tar archive by their names, without a leading `./`. Rejects for what is no archive. */
export async function filesOfTar(archive: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const entries = extract();
  entries.end(archive);
  for await (const entry of entries) {
    const bytes = await buffer(entry);
    if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\.\//, ''), bytes);
  }
  return files;
}
