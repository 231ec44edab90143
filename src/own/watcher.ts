import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';

/**
 * Starts a process that outlives this one: when this process ends, however it ends, it sweeps what is left. It is told
 * by the end of a pipe, which the kernel closes with us; until then it is a shell that waits and costs nothing.
 * `stop` ends it without a sweep, for a process that has cleaned up itself.
 */
export function startWatcher(): {readonly pid: number | undefined; stop(): void} {
  const bin = fileURLToPath(new URL('../cli/bin.mjs', import.meta.url));
  const watcher = spawn(
    'sh',
    ['-c', 'cat >/dev/null; exec "$@"', 'lvslab-watcher', process.execPath, bin, 'sweep'],
    {detached: true, stdio: ['pipe', 'ignore', 'ignore']},
  );
  // A watcher that cannot be started is no reason not to work: the next command sweeps too.
  watcher.on('error', () => undefined);
  watcher.unref();
  return {
    pid: watcher.pid,
    stop: () => {
      if (watcher.pid === undefined || watcher.exitCode !== null || watcher.signalCode !== null)
        return;
      try {
        // It leads a group of its own: the shell, and cat which waits.
        process.kill(-watcher.pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    },
  };
}
