import {z} from 'zod';
import type {GuestHost} from '../../src/host/guest/host.ts';
import {runLabs} from '../e2e/support/cli.ts';
import {inSeconds, median, repeat, spread, timed, times, type Measurement} from './measurement.ts';
import {inGuest, sh} from './support/guest.ts';
import {withLab} from './support/lab.ts';

const rounds = 5;

/**
 * The plain way to see direct routing work: three namespaces, a bridge, ipvsadm, 32 bytes and cmp. It checks nothing
 * but that the bytes arrived. Its only waiting is for the server to listen. $1 is a root that has ipvsadm.
 */
const plainWay = `
set -eu
cd "$(mktemp -d)"
for node in client director server; do ip netns add $node; ip -n $node link set lo up; done
ip -n client link add eth0 type veth peer name toclient netns director
ip -n server link add eth0 type veth peer name toserver netns director
ip -n director link add br0 type bridge
ip -n director link set toclient master br0
ip -n director link set toserver master br0
for device in toclient toserver br0; do ip -n director link set $device up; done
ip -n director address add 198.51.100.2/24 dev br0
ip -n director address add 198.51.100.80/32 dev br0
ip netns exec director sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/conf/br0/send_redirects'
ip -n client address add 198.51.100.10/24 dev eth0
ip -n client link set eth0 up
ip -n server address add 198.51.100.21/24 dev eth0
ip netns exec server sh -c 'echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore; echo 2 > /proc/sys/net/ipv4/conf/all/arp_announce'
ip -n server address add 198.51.100.80/32 dev lo
ip -n server link set eth0 up
ip netns exec director chroot "$1" ipvsadm -A -t 198.51.100.80:80 -s rr
ip netns exec director chroot "$1" ipvsadm -a -t 198.51.100.80:80 -r 198.51.100.21:80 -g
head -c 32 /dev/urandom > sent
ip netns exec server socat -u TCP-LISTEN:80,reuseaddr OPEN:received,creat & receiver=$!
until ip netns exec server ss -Hltn 'sport = :80' | grep -q LISTEN; do :; done
ip netns exec client socat -u OPEN:sent TCP:198.51.100.80:80
wait $receiver
cmp sent received
`;
const tidy = 'for node in client director server; do ip netns del $node; done';

/** One mode to its verdict against the plain shell way in the same kind of guest. */
export const mode: Measurement = {
  name: 'mode',
  title: 'One mode: time to verdict against the plain shell way',
  async run(say) {
    say('one run that is not counted: it makes the template');
    await runLabs(['modes/dr']);
    say(`${rounds} runs of modes/dr`);
    const inside: number[] = [];
    const ours = await repeat(rounds, async () => {
      const [seconds, {report}] = await timed(() => runLabs(['modes/dr']));
      const [lab] = report.labs;
      if (lab?.verdict !== 'PASS') throw new Error(`modes/dr: ${lab?.verdict} ${lab?.error ?? ''}`);
      inside.push(lab.seconds);
      return seconds;
    });
    say(`${rounds} runs that tell their steps`);
    const steps = await withLab(say, run => stepsOf(run));
    say(`${rounds} times the plain way`);
    const plain = await inGuest(host => plainRounds(host));
    return {
      rows: [
        {
          what: '`lvslab run modes/dr`, whole command',
          ours: spread(ours),
          against: `plain shell: ${spread(plain)}`,
          ratio: times(median(ours), median(plain)),
          target: 'under 8 s; at most 1.0 x',
          met: median(ours) < 8 && median(ours) <= median(plain),
        },
        {
          what: 'the lab in it: restore, set-up, traffic, captures, judging',
          ours: spread(inside),
          against: `plain shell: ${spread(plain)}`,
          ratio: times(median(inside), median(plain)),
          target: '',
        },
      ],
      notes: [
        'The plain way is handed a running guest, sends one transfer and compares 32 bytes. lvslab restores a guest, runs five nodes and all requests of the lab, captures on every interface, collects what the nodes say and judges every frame.',
        `Where the time of the lab goes, medians: ${steps.map(([step, seconds]) => `${step} ${inSeconds(seconds)}`).join(', ')}. What is left to the whole command is the start of Node, the loading of labs and the report.`,
      ],
    };
  },
};

/** The median seconds of each step that a lab's run names. */
async function stepsOf(
  run: (hear: (step: string) => void) => Promise<void>,
): Promise<readonly (readonly [step: string, seconds: number])[]> {
  const taken = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    let [step, since] = ['restoring', performance.now()];
    const next = (name: string): void => {
      const now = performance.now();
      taken.set(step, [...(taken.get(step) ?? []), (now - since) / 1000]);
      [step, since] = [name, now];
    };
    await run(next);
    next('');
  }
  return [...taken].map(([step, seconds]) => [step, median(seconds)]);
}

async function plainRounds(host: GuestHost): Promise<number[]> {
  const container = await host.engine.createContainer({
    Image: host.nodeImage,
    Cmd: ['sleep', 'infinity'],
    HostConfig: {NetworkMode: 'none'},
  });
  await container.start();
  const {State} = z
    .object({State: z.object({Pid: z.number().positive()})})
    .parse(await container.inspect());
  return repeat(rounds, async () => {
    const [seconds] = await timed(() => sh(host, `set -- /proc/${State.Pid}/root\n${plainWay}`));
    await sh(host, tidy);
    return seconds;
  });
}
