import {existsSync, rmSync} from 'node:fs';
import {sweepHost} from '../host/sweep.ts';
import {isAlive} from '../own/owner.ts';
import {engineRecords} from './engine-record.ts';
import {sweepRuns} from './runs.ts';

/**
 * Removes what dead runs of this machine left: guests, temporary folders, half-built templates, unfinished run
 * folders, and containers and networks on engines that they used. Never touches what lvslab did not make. Returns what it removed.
 */
export async function sweepAll(): Promise<readonly string[]> {
  const removed = [...(await sweepHost()), ...sweepRuns()];
  const dead = engineRecords().filter(({owner}) => !isAlive(owner));
  if (dead.length === 0) return removed;
  // Loaded only when needed: every command sweeps first.
  const {connectEngineOf} = await import('../host/engine.ts');
  const {sweepEngine} = await import('../nodes/remove.ts');
  for (const {file, env} of dead) {
    try {
      const client = connectEngineOf(env);
      try {
        removed.push(...(await sweepEngine(client.engine)));
      } finally {
        client.close();
      }
      rmSync(file, {force: true});
    } catch {
      // The engine is not there now: ask again next time. Without its socket it is gone for good, and all on it.
      const socket = /^unix:\/\/(.+)$/.exec(env['DOCKER_HOST'] ?? '')?.[1];
      if (socket !== undefined && !existsSync(socket)) rmSync(file, {force: true});
    }
  }
  return removed;
}
