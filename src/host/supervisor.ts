// The process that holds a lab host that stays; started by daemon.ts, detached: supervisor.ts '{"kernel": ..., "modules": ...}'
import {join} from 'node:path';
import {z} from 'zod';
import {ownerOf} from '../own/owner.ts';
import {markOwned, removeFolder} from './folder.ts';
import {openGuest} from './guest/guest.ts';
import {inFolder} from './guest/qemu.ts';
import {serveSocket} from './guest/serve.ts';
import {hostFolder, writeHostRecord} from './host-record.ts';
import {obtainImage} from './image/image.ts';

const folder = hostFolder();
markOwned(folder);
const stopped = new Promise<string>(resolve => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
});
process.on('SIGHUP', () => {}); // the terminal that it was started from may close

const wanted = z.strictObject({kernel: z.string().optional(), modules: z.string().optional()});
const image = await obtainImage(wanted.parse(JSON.parse(process.argv[2] ?? '{}')));
const host = await openGuest({image});
const socket = join(folder, 'docker.sock');
const commands = join(folder, 'sh.sock');
const servers = [
  await serveSocket(host.machine.mux, socket),
  await serveSocket(host.machine.mux, commands, 'exec sh'),
];
writeHostRecord({
  owner: ownerOf(),
  socket,
  commands,
  shell: join(host.machine.folder, inFolder.shell),
  kernel: host.kernel,
  accelerator: host.accelerator,
  nodeImage: host.nodeImage,
});
await Promise.race([stopped, host.machine.qemu.ended]);
await Promise.all(servers.map(server => server.close()));
await host.close();
removeFolder(folder);
process.exit(0);
