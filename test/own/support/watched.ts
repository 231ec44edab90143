import {createInterface} from 'node:readline';
import {startWatcher} from '../../../src/own/watcher.ts';

// A process with a watcher: says the watcher's pid, stops it when told so, and ends when told so.
const watcher = startWatcher();
console.log(watcher.pid);
for await (const line of createInterface(process.stdin)) {
  if (line === 'end') break;
  watcher.stop();
  console.log('stopped');
}
process.stdin.destroy();
