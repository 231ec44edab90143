import type Docker from 'dockerode';
import {z} from 'zod';
import {formatOwner, ownerOf} from '../own/owner.ts';
import {BrokenLabError} from '../problem.ts';
import {capabilityNames} from './capabilities.ts';
import {probeScript} from './kernel-probe.ts';
import type {KernelFacts} from './types.ts';

export const kernelFactsSchema = z.strictObject({
  release: z.string(),
  has: z.array(z.enum(capabilityNames)).readonly(),
  sysctls: z.array(z.string()).readonly(),
});

/** Finds out what the engine's kernel can do, in a throw-away container without network. Takes seconds under emulation. */
export async function probeKernel(engine: Docker, nodeImage: string): Promise<KernelFacts> {
  const container = await engine.createContainer({
    Image: nodeImage,
    Cmd: ['sh', '-c', probeScript],
    Tty: true, // one stream, no frames to take apart
    Labels: {'lvslab.owner': formatOwner(ownerOf()), 'lvslab.run': 'kernel-probe'},
    HostConfig: {
      NetworkMode: 'none',
      CapAdd: ['NET_ADMIN', 'NET_RAW'],
      LogConfig: {Type: 'json-file', Config: {}},
    },
  });
  try {
    await container.start();
    await container.wait();
    return parseProbe((await container.logs({stdout: true, stderr: true})).toString());
  } finally {
    await container.remove({force: true, v: true});
  }
}

/** Reads what the probe printed. */
export function parseProbe(text: string): KernelFacts {
  const values = (name: string): string[] =>
    text
      .split(/\r?\n/)
      .filter(line => line.startsWith(`${name} `))
      .map(line => line.slice(name.length + 1));
  const release = values('release')[0];
  if (release === undefined)
    throw new BrokenLabError({
      what: 'the container that probes the kernel said nothing',
      value: text.slice(0, 200),
      next: 'try the image by hand: docker run --rm IMAGE uname -r',
    });
  const has = new Set(values('has'));
  return {
    release,
    has: capabilityNames.filter(name => has.has(name)),
    sysctls: values('sysctl'),
  };
}
