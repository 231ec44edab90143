import type Docker from 'dockerode';
import {z} from 'zod';
import {formatOwner, ownerOf} from '../own/owner.ts';
import {BrokenLabError} from '../problem.ts';
import type {KernelFacts} from './types.ts';

/** All schedulers that a mainline kernel has (net/netfilter/ipvs/Kconfig). */
const knownSchedulers = [
  ...[
    'rr',
    'wrr',
    'lc',
    'wlc',
    'fo',
    'ovf',
    'lblc',
    'lblcr',
    'dh',
    'sh',
    'mh',
    'sed',
    'nq',
    'twos',
  ],
];

export const kernelFactsSchema = z.strictObject({
  release: z.string(),
  ipvs: z.boolean(),
  schedulers: z.array(z.string()),
  tunnels: z.array(z.string()),
});

/** A service with each scheduler is asked for: the kernel, not a list of modules, says what it has. */
const probe = `
echo "release $(uname -r)"
if ipvsadm -Ln >/dev/null 2>&1; then echo 'ipvs yes'; fi
for s in ${knownSchedulers.join(' ')}; do
  ipvsadm -A -t 192.0.2.1:80 -s $s 2>/dev/null && { echo "scheduler $s"; ipvsadm -C; }
done
for d in /sys/class/net/*; do
  case \${d##*/} in tunl0|gre0|sit0|ip6tnl0|ip6gre0) echo "tunnel \${d##*/}";; esac
done
true
`;

/** Finds out what the engine's kernel can do, in a throw-away container without network. Takes seconds under emulation. */
export async function probeKernel(engine: Docker, nodeImage: string): Promise<KernelFacts> {
  const container = await engine.createContainer({
    Image: nodeImage,
    Cmd: ['sh', '-c', probe],
    Tty: true, // one stream, no frames to take apart
    Labels: {'lvslab.owner': formatOwner(ownerOf()), 'lvslab.run': 'kernel-probe'},
    HostConfig: {
      NetworkMode: 'none',
      CapAdd: ['NET_ADMIN'],
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
  return {
    release,
    ipvs: values('ipvs').length > 0,
    schedulers: values('scheduler'),
    tunnels: values('tunnel'),
  };
}
