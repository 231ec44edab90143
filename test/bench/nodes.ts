import {deploy} from '../../src/nodes/deploy.ts';
import {ownerOf} from '../../src/own/owner.ts';
import {loadTopology} from '../../src/topology/load.ts';
import type {Topology} from '../../src/topology/types.ts';
import {inSeconds, timed, times, type Measurement, type Row} from './measurement.ts';
import {inGuest} from './support/guest.ts';

const sizes = [5, 20, 50];

/** How long a topology's nodes take to start, when no template has them yet. */
export const nodes: Measurement = {
  name: 'nodes',
  title: 'Nodes deployed from nothing',
  async run(say) {
    const rows: Row[] = [];
    let first: number | undefined;
    for (const count of sizes) {
      say(`${count} nodes`);
      const topology = lan(count);
      const seconds = await inGuest(async host => {
        const [taken, deployment] = await timed(() =>
          deploy(host, topology, {run: `bench-${count}`, owner: ownerOf()}),
        );
        await deployment.close();
        return taken;
      });
      say(`${count} nodes took ${inSeconds(seconds)}`);
      const each = seconds / count;
      first ??= each;
      rows.push({
        what: `${count} nodes`,
        ours: `${inSeconds(seconds)}, ${inSeconds(each)} a node`,
        against: count === sizes[0] ? '' : `a node of ${sizes[0]}: ${inSeconds(first)}`,
        ratio: count === sizes[0] ? '' : times(each, first),
        target: '',
      });
    }
    return {
      rows,
      notes: [
        'Each size once, in a pristine guest of its own. This is paid once for a topology: runs restore its template.',
        'Not measured: mininet. The guest has no network and its image has no mininet package, so the two cannot be run in the same guest.',
      ],
    };
  },
};

/** Client, director and real servers on one LAN. */
function lan(count: number): Topology {
  const node = (name: string, role: string, address: string): string =>
    `  ${name}: {role: ${role}, interfaces: {eth0: {network: lan, v4: ${address}}}}`;
  const servers = Array.from({length: count - 2}, (_, index) =>
    node(`rs${index + 1}`, 'realServer', `198.51.100.${index + 21}`),
  );
  const text = [
    `name: lan-${count}`,
    'networks: {lan: {v4: 198.51.100.0/24}}',
    'nodes:',
    node('client', 'client', '198.51.100.10'),
    node('director', 'director', '198.51.100.2'),
    ...servers,
  ].join('\n');
  return loadTopology(text, `lan-${count}.yaml`);
}
