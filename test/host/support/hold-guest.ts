// Opens a guest, says which, and holds it until it is killed.
import {openGuest} from '../../../src/host/guest/guest.ts';
import {obtainImage} from '../../../src/host/image/image.ts';

const host = await openGuest({image: await obtainImage()});
process.stdout.write(
  `${JSON.stringify({pid: host.machine.qemu.pid, folder: host.machine.folder})}\n`,
);
