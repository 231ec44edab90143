import {z} from 'zod';
import type {GuestHost} from '../../../src/host/guest/host.ts';
import {timed} from '../measurement.ts';
import {accounted, type Share} from './accounting.ts';
import {inGuest, sh} from './guest.ts';

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

/** The plain way, so many times in one guest: the seconds of each, and the processor time of one more. */
export const plainRounds = (
  rounds: number,
): Promise<{readonly seconds: readonly number[]; readonly shares: readonly Share[]}> =>
  inGuest(async host => {
    const root = await rootWithIpvsadm(host);
    const once = async (): Promise<number> => {
      const [taken] = await timed(() => sh(host, `set -- ${root}\n${plainWay}`));
      return taken;
    };
    const seconds: number[] = [];
    while (seconds.length < rounds) {
      seconds.push(await once());
      await sh(host, tidy);
    }
    const [, shares] = await accounted(host, once);
    return {seconds, shares};
  });

async function rootWithIpvsadm(host: GuestHost): Promise<string> {
  const container = await host.engine.createContainer({
    Image: host.nodeImage,
    Cmd: ['sleep', 'infinity'],
    HostConfig: {NetworkMode: 'none'},
  });
  await container.start();
  const {State} = z
    .object({State: z.object({Pid: z.number().positive()})})
    .parse(await container.inspect());
  return `/proc/${State.Pid}/root`;
}
