import {createReadStream} from 'node:fs';
import {pipeline} from 'node:stream/promises';
import {openGuest, type GuestOptions} from '../../../src/host/guest/guest.ts';
import type {GuestHost} from '../../../src/host/guest/host.ts';
import {probeAccelerator} from '../../../src/host/guest/accelerator.ts';
import type {GuestSpec} from '../../../src/host/guest/template.ts';
import {obtainImage} from '../../../src/host/image/image.ts';
import {startWatcher} from '../../../src/own/watcher.ts';

/** Lab hosts as `lvslab run` starts them by default. */
export async function guestSpec(): Promise<GuestSpec> {
  const image = await obtainImage();
  const accelerator = await probeAccelerator(image.kernel.vmlinuz);
  return {
    image,
    accelerator,
    memoryMiB: 2048,
    cpus: 2,
    processors: 'parallel',
    bootDeadline: 300_000,
  };
}

/** Lets `work` use a pristine guest of its own. */
export async function inGuest<T>(
  work: (host: GuestHost) => Promise<T>,
  options: Pick<GuestOptions, 'memoryMiB'> = {},
): Promise<T> {
  const watcher = startWatcher();
  const host = await openGuest({...options, image: await obtainImage()});
  try {
    return await work(host);
  } finally {
    await host.close();
    watcher.stop();
  }
}

/** Runs a script in the guest's root. Throws with its output when it fails. */
export async function sh(host: GuestHost, script: string): Promise<string> {
  const {code, output} = await host.machine.mux.exec(script, {deadline: 120_000});
  if (code !== 0) throw new Error(`exit code ${code} in the guest:\n${output}`);
  return output.trim();
}

/** Unpacks a tar archive into a new folder of the guest, by the channel of its agent. */
export async function unpack(host: GuestHost, tar: string, folder: string): Promise<void> {
  await sh(host, `mkdir ${folder}`);
  const stream = host.machine.mux.open(`exec tar -xpf - -C ${folder}`);
  let said = '';
  stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = new Promise<void>((resolve, reject) => {
    stream.once('close', resolve);
    stream.once('error', reject);
  });
  await Promise.all([pipeline(createReadStream(tar), stream, {end: true}), closed]);
  if (stream.closedBecause !== 'exit 0')
    throw new Error(`tar in the guest: ${stream.closedBecause}\n${said}`);
}
