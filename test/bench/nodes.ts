import type {GuestHost} from '../../src/host/guest/host.ts';
import {deploy} from '../../src/nodes/deploy.ts';
import {ownerOf} from '../../src/own/owner.ts';
import {inSeconds, timed, times, type Measurement, type Row} from './measurement.ts';
import {accounted, wordShares, type Share} from './support/accounting.ts';
import {inGuest} from './support/guest.ts';
import {lan} from './support/lan.ts';

const sizes = [5, 20, 50, 100, 200];
/** Seconds that one size may take, and after which no further size is begun. */
const deadline = 360;
const budget = 480;
/** A container's shim, init and shell take some 20 MiB: a guest of the usual 2 GiB has room for the smaller sizes. */
const memoryFor = (count: number): number => (count > 50 ? 8192 : 2048);

/** How long a topology's nodes take to start, when no template has them yet. */
export const nodes: Measurement = {
  name: 'nodes',
  title: 'Nodes deployed from nothing',
  async run(say) {
    const rows: Row[] = [];
    const profiles: string[] = [];
    let first: number | undefined;
    const began = performance.now();
    for (const count of sizes) {
      const row = {what: `${count} nodes`, ours: '', against: '', ratio: '', target: ''};
      if ((performance.now() - began) / 1000 > budget) {
        const ours = `not measured: the smaller sizes took over ${budget} s`;
        rows.push({...row, ours});
        continue;
      }
      say(`${count} nodes`);
      const done = await inGuest(host => deployIn(host, count), {memoryMiB: memoryFor(count)});
      if (done.kind === 'late') {
        rows.push({...row, ours: `not done after ${deadline} s: ${done.running} were running`});
        break;
      }
      const {seconds, shares, usedMiB} = done;
      say(`${count} nodes took ${inSeconds(seconds)}; ${wordShares(shares)}`);
      profiles.push(
        `${count} nodes: ${wordShares(shares)}, of ${inSeconds(2 * seconds)} that two processors have; the guest then uses ${usedMiB} MiB.`,
      );
      const each = seconds / count;
      first ??= each;
      rows.push({
        ...row,
        ours: `${inSeconds(seconds)}, ${inSeconds(each)} a node`,
        ...(count === sizes[0]
          ? {}
          : {against: `a node of ${sizes[0]}: ${inSeconds(first)}`, ratio: times(each, first)}),
      });
    }
    return {
      rows,
      notes: [
        'Each size once, in a pristine guest of its own: networks, containers, a shell in each and its set-up script. This is paid once for a topology: runs restore its template. Sizes above 50 have a guest of 8 GiB in place of 2.',
        `Where the time goes, processor time in the guest by process (acct(2)): ${profiles.join(' ')} \`exe\` is dockerd that executes itself for each container, as its hook libnetwork-setkey.`,
      ],
    };
  },
};

type Done =
  | {
      readonly kind: 'done';
      readonly seconds: number;
      readonly shares: readonly Share[];
      readonly usedMiB: number;
    }
  | {readonly kind: 'late'; readonly running: number};

async function deployIn(host: GuestHost, count: number): Promise<Done> {
  const topology = lan(count);
  const belonging = {run: `bench-${count}`, owner: ownerOf()};
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), deadline * 1000);
  });
  try {
    const done = await Promise.race([
      accounted(host, () => timed(() => deploy(host, topology, belonging))),
      late,
    ]);
    if (done === undefined)
      return {kind: 'late', running: (await host.engine.listContainers()).length};
    const [[seconds, deployment], shares] = done;
    await deployment.close();
    const {output} = await host.machine.mux.exec('cat /proc/meminfo');
    const size = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(output)?.[1]) / 1024;
    return {
      kind: 'done',
      seconds,
      shares,
      usedMiB: Math.round(size('MemTotal') - size('MemAvailable')),
    };
  } finally {
    clearTimeout(timer);
  }
}
