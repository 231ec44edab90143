import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {formatOwner, ownerOf, parseOwner, type Owner} from '../own/owner.ts';
import {runtimeFolder} from '../own/places.ts';

/** Variables that say which engine is meant; the record keeps them, so that a later command finds the same engine. */
const variables = ['DOCKER_HOST', 'DOCKER_CERT_PATH', 'DOCKER_TLS_VERIFY'] as const;

/** That a process uses an engine of the user's, on which it leaves things when it is killed. */
export interface EngineRecord {
  readonly file: string;
  readonly owner: Owner;
  readonly env: Readonly<Record<string, string>>;
}

const schema = z.strictObject({owner: z.string(), env: z.record(z.string(), z.string())});
const folder = (): string => join(runtimeFolder(), 'engines');

/** Notes that this process uses the engine of the environment. Returns what removes the note. */
export function noteEngine(env: Readonly<Record<string, string | undefined>>): () => void {
  mkdirSync(folder(), {recursive: true, mode: 0o700});
  const file = join(folder(), `${process.pid}.json`);
  const kept = Object.fromEntries(
    variables.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  writeFileSync(file, JSON.stringify({owner: formatOwner(ownerOf()), env: kept}), {mode: 0o600});
  return () => rmSync(file, {force: true});
}

/** All notes there are; a file that is no note is not ours to touch. */
export function engineRecords(): EngineRecord[] {
  let names: string[];
  try {
    names = readdirSync(folder());
  } catch {
    return [];
  }
  return names.flatMap(name => {
    const file = join(folder(), name);
    try {
      const {owner: text, env} = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
      const owner = parseOwner(text);
      return owner === undefined ? [] : [{file, owner, env}];
    } catch {
      return [];
    }
  });
}
