import {execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import test from 'ava';
import {openGuest, type GuestOptions} from '../../src/host/guest/guest.ts';
import {templatesFolder} from '../../src/host/guest/template-store.ts';
import {obtainImage} from '../../src/host/image/image.ts';
import type {LabHost} from '../../src/host/types.ts';
import {BrokenLabError} from '../../src/problem.ts';

// Really boots guests, from a cache on a small disk of its own, which only root may mount.
const asRoot = process.getuid?.() === 0 ? test.serial : test.serial.skip;
const runtime = mkdtempSync(join(tmpdir(), 'lvslab-full-'));
const cache = mkdtempSync(join(tmpdir(), 'lvslab-full-cache-'));
const ballast = join(cache, 'ballast');
process.env['LVSLAB_RUNTIME'] = runtime;
let image: GuestOptions['image'];
let base = '';

test.before(async t => {
  t.timeout(600_000);
  image = await obtainImage();
  const warm = await openGuest({image});
  await warm.close();
  if (process.getuid?.() !== 0) return;
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2500m', 'tmpfs', cache]);
  process.env['LVSLAB_CACHE'] = cache;
  mkdirSync(templatesFolder());
  base = basename(warm.template ?? '');
  execFileSync('cp', ['-a', '--sparse=always', warm.template ?? '', templatesFolder()]);
});
test.after.always(() => {
  if (base !== '') execFileSync('umount', [cache]);
  for (const folder of [cache, runtime]) rmSync(folder, {recursive: true});
});

/** Writes to the disk until nothing more fits. */
function fill(): void {
  const file = openSync(ballast, 'a');
  try {
    for (const block of [Buffer.alloc(1_048_576), Buffer.alloc(4096)])
      for (let written = block.length; written === block.length;) written = writeSync(file, block);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
}

async function startContainer(host: LabHost): Promise<void> {
  const made = await host.engine.createContainer({
    Image: host.nodeImage,
    Cmd: ['sh', '-c', 'head -c 100000000 /dev/urandom > /file; sync; sleep infinity'],
  });
  await made.start();
}

const whenFull = test.macro(async (t, key: string, prepare: (host: LabHost) => Promise<void>) => {
  t.timeout(300_000);
  const error = await t.throwsAsync(openGuest({image, key, prepare}), {instanceOf: BrokenLabError});
  t.regex(
    error.message,
    /disk became too full to build a template[\s\S]*free[\s\S]*next .*LVSLAB_CACHE/,
  );
  t.deepEqual(readdirSync(templatesFolder()), [base]);
  t.deepEqual(readdirSync(runtime), []);
  rmSync(ballast);
  const host = await openGuest({image, key, prepare: startContainer});
  t.is((await host.engine.listContainers()).length, 1);
  await host.close();
  rmSync(host.template ?? '', {recursive: true});
});

asRoot(
  'a disk that is full when a template is saved: a clear error, no half, and with room it works',
  whenFull,
  'saved',
  async host => {
    await startContainer(host);
    fill();
  },
);
asRoot(
  'a disk that fills up while a template is prepared: a clear error, no half, and with room it works',
  whenFull,
  'prepared',
  async host => {
    fill();
    await startContainer(host);
    const exec = await host.engine.listContainers();
    await host.engine.getContainer(exec[0]?.Id ?? '').wait();
  },
);

asRoot(
  'a guest whose writes find no room is ended, and the error says so: nothing waits for ever',
  async t => {
    const small = mkdtempSync(join(tmpdir(), 'lvslab-full-tmp-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', small]);
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = small;
    try {
      const host = await openGuest({image});
      const command = host.machine.mux.exec('head -c 100000000 /dev/urandom > /file; sync');
      const [written, answered] = await Promise.allSettled([command, untilGone(host)]);
      t.is(written.status, 'rejected');
      t.is(answered.status, 'rejected');
      t.regex(
        String(answered.status === 'rejected' ? answered.reason : ''),
        /went away[\s\S]*no space left on device[\s\S]*TMPDIR/,
      );
      await host.close();
      t.deepEqual(readdirSync(small), []);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      execFileSync('umount', [small]);
      rmSync(small, {recursive: true});
    }
  },
);

/** Asks the engine until it fails, as a lab that waits for it would. */
async function untilGone(host: LabHost): Promise<void> {
  const events = await host.engine.getEvents();
  events.resume();
  await once(events, 'close').catch(() => {});
  await host.engine.version();
}
