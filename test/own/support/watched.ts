import {once} from 'node:events';
import {startWatcher} from '../../../src/own/watcher.ts';

// A process with a watcher: says the watcher's pid, then does what the next line on standard input says.
const watcher = startWatcher();
console.log(watcher.pid);
const [line] = await once(process.stdin, 'data');
if (String(line).trim() === 'stop') watcher.stop();
console.log('done');
process.stdin.destroy();
