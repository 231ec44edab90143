import type {GuestHost} from '../../src/host/guest/host.ts';
import {deploy} from '../../src/nodes/deploy.ts';
import {destroy} from '../../src/nodes/remove.ts';
import type {Place} from '../../src/lab/session.ts';
import {ownerOf} from '../../src/own/owner.ts';
import {median, spread, timed, times, type Measurement} from './measurement.ts';
import {inGuest} from './support/guest.ts';
import {withLab} from './support/lab.ts';
import {lan} from './support/lan.ts';
import {installMininet, obtainMininet, runMininet, type MininetTimes} from './support/mininet.ts';

const rounds = 5;
const count = 5;

/** Five nodes on one LAN by lvslab and by mininet, in turns in the same guest. */
export const mininet: Measurement = {
  name: 'mininet',
  title: 'Five nodes against mininet in the same guest',
  async run(say) {
    const tar = await obtainMininet(say);
    const ours: number[] = [];
    const theirs: MininetTimes[] = [];
    await inGuest(async host => {
      say('unpacking mininet in the guest');
      await installMininet(host, tar);
      while (theirs.length < rounds) {
        say(`round ${theirs.length + 1} of ${rounds}`);
        ours.push(await deployed(host, `bench-${theirs.length}`));
        theirs.push(await runMininet(host, count));
      }
    });
    say(`${rounds} restores of a template with five nodes`);
    const restored = await withLab(say, async lab => {
      await lab.run();
      const taken: number[] = [];
      while (taken.length < rounds) {
        const began = performance.now();
        const opened = (place: Place): Place => {
          taken.push((performance.now() - began) / 1000);
          return place;
        };
        await lab.run({opened});
      }
      return taken;
    });
    const whole = theirs.map(one => one.whole);
    const row = (what: string, seconds: readonly number[]) => ({
      what,
      ours: spread(seconds),
      against: `mininet: ${spread(whole)}`,
      ratio: times(median(seconds), median(whole)),
      target: '',
    });
    return {
      rows: [
        row('five nodes from their template: a guest restored, a shell in each', restored),
        row('five nodes from nothing, once for a topology', ours),
      ],
      notes: [
        `Mininet of Debian with Python, in the guest's root by chroot: from the start of Python until net.start() has returned (${spread(theirs.map(one => one.network))} without Python's start and imports), hosts on a LinuxBridge without a controller; then the first host pings the last. Its hosts are shells with a network namespace; they share files and processes with the guest. Those of lvslab are containers, with offloads off, sysctls set and an HTTP server in each real server.`,
      ],
    };
  },
};

async function deployed(host: GuestHost, run: string): Promise<number> {
  const [seconds, deployment] = await timed(() =>
    deploy(host, lan(count), {run, owner: ownerOf()}),
  );
  await deployment.close();
  await destroy(host.engine, run);
  return seconds;
}
