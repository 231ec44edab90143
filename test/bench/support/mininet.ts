import {createHash} from 'node:crypto';
import {mkdirSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import type {GuestHost} from '../../../src/host/guest/host.ts';
import {findMirrors} from '../../../src/host/image/mirrors.ts';
import {SUITE} from '../../../src/host/image/recipe.ts';
import {makeRoot} from '../../../src/host/image/root-tree.ts';
import {publish, readManifest} from '../../../src/host/image/shelf.ts';
import {inWorkshop} from '../../../src/host/image/workshop.ts';
import {cacheFolder} from '../../../src/own/places.ts';
import {sh, unpack} from './guest.ts';

const packages = ['mininet', 'bridge-utils', 'iproute2', 'iputils-ping', 'procps'];
const root = '/mininet';

/**
 * A root tree with Debian's mininet, as a tar archive: from the cache, else built. It is for this benchmark alone, so the
 * image of the lab host stays as small as it is.
 */
export async function obtainMininet(say: (line: string) => void): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([SUITE, packages]))
    .digest('hex');
  const parent = join(cacheFolder(), 'bench');
  const folder = join(parent, `mininet-${key.slice(0, 12)}`);
  const tar = join(folder, 'mininet.tar');
  if (readManifest(folder) !== undefined) return tar;
  const job = {name: 'a root tree with mininet', parent, key: 'mininet', room: 1e9};
  await inWorkshop(
    job,
    ({step}) => say(step),
    async work => {
      say('building a root tree with mininet (about 50 MB to download)');
      const made = await makeRoot(
        {name: 'mininet', why: 'what lvslab is compared with', packages},
        await findMirrors(),
        work,
      );
      const product = join(work, 'product');
      mkdirSync(product);
      renameSync(made, join(product, 'mininet.tar'));
      await publish(product, folder, {suite: SUITE});
    },
  );
  return tar;
}

/**
 * Unpacks the tree in the guest and makes it fit to be entered by chroot(8). A mount of its own: mininet's mnexec makes `/`
 * private, which fails where that is no mount point, and mininet then waits for ever.
 */
export async function installMininet(host: GuestHost, tar: string): Promise<void> {
  await unpack(host, tar, root);
  await sh(
    host,
    `set -e; mount --bind ${root} ${root}; cd ${root}; mkdir -p proc sys dev
for folder in proc sys dev; do mount --rbind /$folder $folder; done
echo '127.0.0.1 localhost' >etc/hosts`,
  );
}

/** What mininet took (seconds). */
export interface MininetTimes {
  /** From the start of Python until the nodes are up. */
  readonly whole: number;
  /** Of it: in Mininet's own calls, without the start of Python and its imports. */
  readonly network: number;
}

/**
 * Starts so many hosts on one LinuxBridge with mininet, sees the first reach the last by ping, and stops them. Throws
 * with what it said when it does not work.
 */
export async function runMininet(host: GuestHost, count: number): Promise<MininetTimes> {
  const said = await sh(
    host,
    `cat >${root}/five.py <<'PYTHON'
${program}
PYTHON
started=$(cut -d' ' -f1 /proc/uptime)
chroot ${root} python3 five.py "$started" ${count} </dev/null`,
  );
  const found = /^READY (?<whole>[\d.]+) (?<network>[\d.]+)$/m.exec(said)?.groups;
  if (found === undefined || !said.includes('REACHED'))
    throw new Error(`mininet did not come up:\n${said}`);
  return {whole: Number(found['whole']), network: Number(found['network'])};
}

const program = `
import faulthandler, sys, time
faulthandler.dump_traceback_later(100, exit=True) # says where it hangs, before the deadline of the call
from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
count = int(sys.argv[2])
began = time.monotonic()
net = Mininet(switch=LinuxBridge, controller=None)
bridge = net.addSwitch('s1')
hosts = [net.addHost('h%d' % n, ip='198.51.100.%d/24' % n) for n in range(1, count + 1)]
for host in hosts:
    net.addLink(host, bridge)
net.start()
ready = time.monotonic()
uptime = float(open('/proc/uptime').read().split()[0])
print('READY %.2f %.2f' % (uptime - float(sys.argv[1]), ready - began))
if ' 0% packet loss' in hosts[0].cmd('ping -c 1 -w 20 198.51.100.%d' % count):
    print('REACHED')
net.stop()
`;
