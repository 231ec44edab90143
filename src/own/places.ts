import {lstatSync, mkdirSync} from 'node:fs';
import {homedir, tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {InputError} from '../problem.ts';

/** Where the lab host image, kernels and templates are kept. Override: LVSLAB_CACHE. */
export const cacheFolder = (): string =>
  process.env['LVSLAB_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lvslab');

/** Where run folders and proven claims are kept. Override: LVSLAB_STATE. */
export const stateFolder = (): string =>
  process.env['LVSLAB_STATE'] ??
  join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'lvslab');

/**
 * Where sockets and files of running things are: short (a socket path has 107 bytes at most, unix(7)), mode 0700
 * and ours. Override: LVSLAB_RUNTIME. Throws InputError when somebody else owns the folder or others may enter it.
 */
export function runtimeFolder(): string {
  const chosen = process.env['LVSLAB_RUNTIME'];
  const base = process.env['XDG_RUNTIME_DIR'];
  const uid = userInfo().uid;
  const folder =
    chosen ?? (base === undefined ? join(tmpdir(), `lvslab-${uid}`) : join(base, 'lvslab'));
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const status = lstatSync(folder);
  if (!status.isDirectory() || status.uid !== uid || (status.mode & 0o077) !== 0)
    throw new InputError({
      what: 'the runtime folder must be a folder of yours that nobody else may enter (mode 0700)',
      where: folder,
      value: `owner ${status.uid}, mode 0${(status.mode & 0o777).toString(8)}`,
      next: 'chmod 700 it, or set LVSLAB_RUNTIME to another folder',
    });
  if (Buffer.byteLength(folder) > 70)
    throw new InputError({
      what: 'the path of the runtime folder is too long for the sockets in it',
      where: folder,
      value: `${Buffer.byteLength(folder)} bytes`,
      valid: ['at most 70 bytes'],
      next: 'set LVSLAB_RUNTIME to a folder with a short path',
    });
  return folder;
}
