import {lstatSync, mkdirSync, type Stats} from 'node:fs';
import {homedir, tmpdir, userInfo} from 'node:os';
import {isAbsolute, join, resolve} from 'node:path';
import {InputError} from '../problem.ts';

/** A folder that a variable of ours names; an empty variable is as none, a relative path is one of this process. */
function chosen(variable: string): string | undefined {
  const value = process.env[variable];
  return value === undefined || value === '' ? undefined : resolve(value);
}

/** A base folder of the XDG Base Directory Specification, which says to ignore what is not absolute. */
function base(variable: string): string | undefined {
  const value = process.env[variable];
  return value === undefined || !isAbsolute(value) ? undefined : value;
}

/** Where the lab host image, kernels and templates are kept. Override: LVSLAB_CACHE. */
export const cacheFolder = (): string =>
  chosen('LVSLAB_CACHE') ?? join(base('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'lvslab');

/** Where run folders and proven claims are kept. Override: LVSLAB_STATE. */
export const stateFolder = (): string =>
  chosen('LVSLAB_STATE') ??
  join(base('XDG_STATE_HOME') ?? join(homedir(), '.local', 'state'), 'lvslab');

/**
 * Where sockets and files of running things are: short (a socket path has 107 bytes at most, unix(7)), mode 0700
 * and ours. Override: LVSLAB_RUNTIME. Throws InputError when somebody else owns the folder, others may enter it, or it
 * cannot be made.
 */
export function runtimeFolder(): string {
  const {uid} = userInfo();
  const xdg = base('XDG_RUNTIME_DIR');
  const folder =
    chosen('LVSLAB_RUNTIME') ??
    (xdg === undefined ? join(tmpdir(), `lvslab-${uid}`) : join(xdg, 'lvslab'));
  if (Buffer.byteLength(folder) > longest)
    throw new InputError({
      what: 'the path of the runtime folder is too long for the sockets in it',
      where: folder,
      value: `${Buffer.byteLength(folder)} bytes`,
      valid: [`at most ${longest} bytes`],
      next: 'set LVSLAB_RUNTIME to a folder with a short path',
    });
  const status = make(folder);
  if (!status.isDirectory() || status.uid !== uid || (status.mode & 0o077) !== 0)
    throw new InputError({
      what: 'the runtime folder must be a folder of yours that nobody else may enter (mode 0700)',
      where: folder,
      value: `${status.isDirectory() ? 'folder' : 'no folder'}, owner ${status.uid}, mode 0${(status.mode & 0o777).toString(8)}`,
      next: 'chmod 700 it, or set LVSLAB_RUNTIME to another folder',
    });
  return folder;
}

/** Bytes of a path that leave room for the names of sockets in it. */
const longest = 70;

function make(folder: string): Stats {
  try {
    mkdirSync(folder, {recursive: true, mode: 0o700});
  } catch (error) {
    throw new InputError(
      {
        what: 'the runtime folder cannot be made',
        where: folder,
        value: error instanceof Error ? error.message : String(error),
        next: 'set LVSLAB_RUNTIME to a folder that you may write to',
      },
      error,
    );
  }
  return lstatSync(folder);
}
