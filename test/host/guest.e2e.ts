import {execFile, execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import test from 'ava';
import {capabilityNames} from '../../src/host/capabilities.ts';
import {openGuest} from '../../src/host/guest/guest.ts';
import type {GuestHost} from '../../src/host/guest/host.ts';
import {templatesFolder} from '../../src/host/guest/template-store.ts';
import {folderEntry, packCpio} from '../../src/host/image/cpio.ts';
import {obtainImage} from '../../src/host/image/image.ts';
import type {GuestImage} from '../../src/host/image/types.ts';
import {connectDaemon, hostDown, hostStatus, hostUp} from '../../src/host/daemon.ts';
import {readHostRecord} from '../../src/host/host-record.ts';
import {poll} from '../../src/host/poll.ts';
import {sweepHost} from '../../src/host/sweep.ts';
import {isAlive, ownerOf} from '../../src/own/owner.ts';
import {BrokenLabError} from '../../src/problem.ts';

// Really boots guests: the image and the template come from the cache folder and are made there when they are missing.
const runtime = mkdtempSync(join(tmpdir(), 'lvslab-e2e-'));
process.env['LVSLAB_RUNTIME'] = runtime;
let image: GuestImage;
/** Folder of the pristine template. */
let base = '';

test.before(async t => {
  t.timeout(600_000);
  image = await obtainImage();
  const warm = await openGuest({image});
  base = warm.template ?? '';
  await warm.close();
});
test.after.always(() => rmSync(runtime, {recursive: true, force: true}));
test.beforeEach(t => t.timeout(300_000));

const inGuest = async (host: GuestHost, command: string): Promise<string> =>
  (await host.machine.mux.exec(command)).output.trim();
/** A cache folder of the test's own, with a copy of the pristine template, whose folder `work` gets. */
async function withOwnCache(work: (template: string) => Promise<void>): Promise<void> {
  const cache = process.env['LVSLAB_CACHE'];
  const own = mkdtempSync(join(tmpdir(), 'lvslab-e2e-cache-'));
  process.env['LVSLAB_CACHE'] = own;
  try {
    mkdirSync(templatesFolder());
    const template = join(templatesFolder(), basename(base));
    execFileSync('cp', ['-a', '--sparse=always', base, template]);
    await work(template);
  } finally {
    if (cache === undefined) delete process.env['LVSLAB_CACHE'];
    else process.env['LVSLAB_CACHE'] = cache;
    rmSync(own, {recursive: true});
  }
}
const owned = (): string[] => readdirSync(runtime).filter(name => name.startsWith('g-'));

test.serial(
  'a guest is restored with an engine that answers, and leaves nothing when closed',
  async t => {
    const host = await openGuest({image});
    t.truthy((await host.engine.version()).Version);
    t.is(host.kernel.release, await inGuest(host, 'uname -r'));
    // What Debian's 6.1 was built without; it has all else that is asked.
    t.deepEqual(
      capabilityNames.filter(name => !host.kernel.has.includes(name)),
      ['scheduler-twos'],
    );
    t.true(host.kernel.sysctls.includes('net.ipv4.vs.conntrack'));
    t.is((await host.engine.getImage(host.nodeImage).inspect()).RepoTags[0], host.nodeImage);
    t.is(host.deployed, undefined);
    t.deepEqual(await host.kernelTrouble(), []);
    const qemu = ownerOf(host.machine.qemu.pid);
    await host.close();
    await host.close();
    t.false(isAlive(qemu));
    t.deepEqual(owned(), []);
  },
);

test.serial(
  'the guest has no way to any network, and its socket is for its user alone',
  async t => {
    const host = await openGuest({image});
    const devices = await inGuest(
      host,
      'for d in /sys/class/net/*; do [ -e $d/device ] && echo $d; done; true',
    );
    t.is(devices, '');
    t.is(await inGuest(host, 'ip route; ip -6 route; ip -o -4 addr | grep -v "127.0.0.1"'), '');
    t.is(await inGuest(host, 'grep -c br_netfilter /proc/modules'), '0');
    t.is(statSync(host.socket).mode & 0o777, 0o600);
    t.is(statSync(dirname(host.socket)).mode & 0o777, 0o700);
    await host.close();
  },
);

test.serial(
  "two guests of one template have the host's time, and random numbers of their own",
  async t => {
    const hosts = await Promise.all([openGuest({image}), openGuest({image})]);
    const random = await Promise.all(
      hosts.map(host => inGuest(host, 'head -c 16 /dev/urandom | od -An -tx1')),
    );
    t.not(random[0], random[1]);
    for (const host of hosts) {
      const before = Date.now() / 1000;
      const inside = Number(await inGuest(host, 'date +%s.%N'));
      t.true(inside > before - 2 && inside < Date.now() / 1000 + 2, `${inside} at ${before}`);
    }
    await Promise.all(hosts.map(host => host.close()));
  },
);

test.serial(
  'what is prepared is there in every later guest, and what one guest does in no other',
  async t => {
    let prepared = 0;
    const options = {
      image,
      key: `test-${process.pid}`,
      prepare: async (host: GuestHost | {engine: GuestHost['engine']; nodeImage: string}) => {
        prepared++;
        const made = await host.engine.createContainer({
          Image: host.nodeImage,
          name: 'kept',
          Cmd: ['sleep', 'infinity'],
        });
        await made.start();
      },
    };
    await withOwnCache(async () => {
      for (const round of [1, 2]) {
        const host = await openGuest(options);
        t.is(host.deployed, options.key);
        const state = await host.engine.getContainer('kept').inspect();
        t.true(state.State.Running, `round ${round}`);
        t.is(await inGuest(host, 'cat /etc/touched 2>/dev/null'), '');
        await inGuest(host, 'echo yes > /etc/touched; sync');
        await host.close();
      }
    });
    t.is(prepared, 1);
  },
);

test.serial('a process whose template could not be made ends', async t => {
  const script = fileURLToPath(new URL('support/fail-prepare.ts', import.meta.url));
  const run = promisify(execFile)(
    process.execPath,
    [`--import=${import.meta.resolve('tsx')}`, script],
    {timeout: 60_000},
  );
  t.is((await run).stdout, 'Error: on purpose');
  t.deepEqual(owned(), []);
});

test.serial('a template that cannot be restored is built anew, once', async t => {
  await withOwnCache(async template => {
    const state = join(template, 'state');
    writeFileSync(state, Buffer.alloc(statSync(state).size, 7));
    const steps: string[] = [];
    const host = await openGuest({image, progress: ({step}) => steps.push(step)});
    t.truthy((await host.engine.version()).Version);
    t.is(steps.filter(step => step.includes('anew')).length, 1);
    await host.close();
  });
});

test.serial('an engine that goes away in the middle is a broken lab that says so', async t => {
  const host = await openGuest({image});
  const events = await host.engine.getEvents();
  const cut = once(events, 'close').catch(() => {});
  events.resume();
  process.kill(host.machine.qemu.pid, 'SIGKILL');
  await cut;
  await host.machine.qemu.ended;
  const error = await t.throwsAsync(host.engine.version(), {instanceOf: BrokenLabError});
  t.regex(error.message, /lab host guest went away[\s\S]*SIGKILL/);
  await t.throwsAsync(host.kernelTrouble(), {instanceOf: BrokenLabError});
  await host.close();
  t.deepEqual(owned(), []);
});

test.serial(
  'when its owner is killed with kill -9, QEMU ends too, and the sweep removes the rest',
  async t => {
    const script = fileURLToPath(new URL('support/hold-guest.ts', import.meta.url));
    const child = execFile(process.execPath, [`--import=${import.meta.resolve('tsx')}`, script]);
    const [said] = await once(child.stdout ?? child, 'data');
    const {pid, folder}: {pid: number; folder: string} = JSON.parse(String(said));
    const qemu = ownerOf(pid);
    t.true(isAlive(qemu));
    child.kill('SIGKILL');
    t.true(await poll(() => (isAlive(qemu) ? undefined : true), {deadline: 10_000}));
    await poll(() => (child.signalCode === null ? undefined : true), {deadline: 10_000});
    t.deepEqual(await sweepHost(), [folder]);
  },
);

test.serial(
  'a guest that does not boot ends at its deadline with what its console said',
  async t => {
    const folder = mkdtempSync(join(tmpdir(), 'lvslab-e2e-initrd-'));
    const initrd = join(folder, 'initrd');
    const init = '#!/bin/busybox sh\necho stuck on purpose\nexec /bin/busybox sleep 1000\n';
    writeFileSync(
      initrd,
      packCpio([
        folderEntry('bin'),
        {path: 'bin/busybox', mode: 0o100755, content: readFileSync('/bin/busybox')},
        {path: 'init', mode: 0o100755, content: Buffer.from(init)},
      ]),
    );
    const broken = {...image, kernel: {...image.kernel, initrd}};
    const error = await t.throwsAsync(openGuest({image: broken, bootDeadline: 15_000}), {
      instanceOf: BrokenLabError,
    });
    t.regex(error.message, /did not boot[\s\S]*stuck on purpose[\s\S]*15 s[\s\S]*lvslab doctor/);
    t.deepEqual(owned(), []);
  },
);

test.serial('a guest whose kernel panics ends at once', async t => {
  const initrd = join(mkdtempSync(join(tmpdir(), 'lvslab-e2e-initrd-')), 'initrd');
  writeFileSync(initrd, 'no initrd');
  const broken = {...image, kernel: {...image.kernel, initrd}};
  const error = await t.throwsAsync(openGuest({image: broken}), {instanceOf: BrokenLabError});
  t.regex(error.message, /did not boot[\s\S]*Unable to mount root fs[\s\S]*QEMU ended/);
});

test.serial('a lab host that stays is one, answers others, and is gone after down', async t => {
  const progress = (): void => {};
  t.deepEqual(await hostStatus(), {state: 'down'});
  t.regex((await hostUp({progress})).join('\n'), /host is up: kernel [\s\S]*DOCKER_HOST=unix:/);
  t.regex((await hostUp({progress}))[0] ?? '', /already up/);
  const host = await connectDaemon();
  t.truthy((await host?.engine.version())?.Version);
  t.deepEqual(await host?.kernelTrouble(), []);
  await host?.close();
  t.is((await hostStatus())['state'], 'up');
  t.is(await hostDown(), 'the lab host is down');
  t.is(await hostDown(), 'no lab host is up');
  t.deepEqual(owned(), []);
});

test.serial(
  'when the supervisor of a lab host is killed, none is up, and its remains are swept',
  async t => {
    await hostUp({progress: () => {}});
    const supervisor = readHostRecord()?.owner;
    if (supervisor === undefined) return t.fail();
    process.kill(supervisor.pid, 'SIGKILL');
    await poll(() => (isAlive(supervisor) ? undefined : true), {deadline: 10_000});
    t.is(await connectDaemon(), undefined);
    const folders = (await sweepHost()).filter(line => line.startsWith(runtime));
    t.is(folders.length, 2); // QEMU may still be ending, and is then swept as well
    t.deepEqual(owned(), []);
  },
);
