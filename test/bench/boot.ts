import {mkdtempSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {hostOn, waitForEngine} from '../../src/host/guest/host.ts';
import {startMachine, type Machine} from '../../src/host/guest/machine.ts';
import {forkTemplate, obtainBase, type GuestSpec} from '../../src/host/guest/template.ts';
import {run} from '../../src/host/image/run.ts';
import {cacheFolder} from '../../src/own/places.ts';
import {median, repeat, spread, timed, times, type Measurement} from './measurement.ts';
import {guestSpec} from './support/guest.ts';

const boots = 3;
const restores = 10;

/** Cold boot against restore: from the start of QEMU to the first answer of the Docker API. */
export const boot: Measurement = {
  name: 'restore',
  title: 'A lab host: restore against cold boot',
  async run(say) {
    const spec = await guestSpec();
    const template = await obtainBase(spec, ({step}) => say(step));
    say(`${restores} restores`);
    const warm = await repeat(restores, () =>
      untilAnswer(spec, () => forkTemplate(spec, template)),
    );
    say(`${boots} cold boots`);
    const cold = await repeat(boots, () => coldBoot(spec));
    return {
      rows: [
        {
          what: 'start of QEMU to the first Docker API answer',
          ours: spread(warm),
          against: `cold boot: ${spread(cold)}`,
          ratio: times(median(warm), median(cold)),
          target: 'under 1.5 s',
          met: median(warm) < 1.5,
        },
      ],
      notes: [
        `Kernel ${template.kernel.release}. The restore counts the guest's new clock and entropy in.`,
      ],
    };
  },
};

async function untilAnswer(spec: GuestSpec, start: () => Promise<Machine>): Promise<number> {
  const [seconds, host] = await timed(async () => {
    const made = await hostOn(await start(), {
      accelerator: spec.accelerator,
      kernel: {release: spec.image.kernel.release, has: [], sysctls: []},
      nodeImage: spec.image.nodeImage,
      deployed: undefined,
      template: undefined,
    });
    await waitForEngine(made, spec.bootDeadline);
    return made;
  });
  await host.close();
  return seconds;
}

/** Boots from the image, with memory and disk in a folder that is thrown away. */
async function coldBoot(spec: GuestSpec): Promise<number> {
  const {image, accelerator, memoryMiB, cpus, bootDeadline} = spec;
  const folder = mkdtempSync(join(cacheFolder(), 'bench-'));
  const disk = join(folder, 'disk.qcow2');
  try {
    await run(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', image.disk, disk]);
    const {vmlinuz, initrd, modules} = image.kernel;
    const sizes = {accelerator, memoryMiB, cpus};
    const files = {
      vmlinuz,
      initrd,
      modules,
      disk,
      ram: join(folder, 'ram'),
      files: 'write',
      processors: 'parallel',
    } as const;
    return await untilAnswer(spec, () =>
      startMachine({...sizes, ...files}, {deadline: bootDeadline}),
    );
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}
