import {capabilities, schedulers} from './capabilities.ts';

/**
 * First packets of a connection from port 1234 to port 80, in hex, without checksums, at which IPVS does not look when it
 * schedules: a TCP SYN (RFC 9293), a UDP datagram (RFC 768), an SCTP INIT (RFC 9260).
 */
const firstPackets = [
  {flag: '-t', protocol: 6, bytes: '04d2005000000001000000005002721000000000'},
  {flag: '-u', protocol: 17, bytes: '04d2005000080000'},
  {
    flag: '--sctp-service',
    protocol: 132,
    bytes: '04d2005000000000000000000100001400000001000010000001000100000001',
  },
] as const;

/** A line each for `ipvsadm -R`, which goes on after a line that the kernel refuses: \`-s none\` is a service without a scheduler. */
const services = [
  ...schedulers.map((name, index) => `-A -t 192.0.2.3:${index + 1} -s ${name}`),
  '-A -t [2001:db8::1]:80 -s none',
  '-A -t 192.0.2.3:80 -s none',
  '-a -t 192.0.2.3:80 -r 192.0.2.4 -i --tun-type gre',
  '-a -t 192.0.2.3:80 -r 192.0.2.5 -i --tun-type gue --tun-port 6080',
  '-a -t 192.0.2.3:80 -r [2001:db8::6]:80 -i',
];

/**
 * A script for sh that prints what the kernel is and has: `release R`, then `has NAME` and `sysctl NAME`, a line each. Few
 * processes: each is dear in an emulated guest.
 */
export const probeScript = `
echo "release $(uname -r)"
exec 3>&1 >/dev/null 2>&1
ip -batch - <<'LVSLAB'
link set lo up
addr add 192.0.2.1/32 dev lo
addr add 192.0.2.2/32 dev lo
LVSLAB

ipvsadm -R <<'LVSLAB'
${services.join('\n')}
LVSLAB
taken=" $(ipvsadm -Sn | tr '\\n' ' ') "
# The kernel lists it as it was asked for; it would list the real server of a tunnel type that it does not know without.
took() { case $taken in *" $1 "*) ;; *) false;; esac; }

# A service of each protocol that is in this namespace itself, and a packet to each.
for name in ${schedulers.join(' ')}; do took "-s $name" && break; done
ipvsadm -R <<LVSLAB
${firstPackets
  .flatMap(({flag}) => [
    `-A ${flag} 192.0.2.1:80 -s $name`,
    `-a ${flag} 192.0.2.1:80 -r 192.0.2.2:80 -m`,
  ])
  .join('\n')}
LVSLAB
perl -MSocket -e 'while (my ($protocol, $bytes) = splice @ARGV, 0, 2) {
  socket(my $socket, AF_INET, SOCK_RAW, $protocol);
  send($socket, pack("H*", $bytes), 0, sockaddr_in(0, inet_aton("192.0.2.1")));
}' ${firstPackets.map(({protocol, bytes}) => `${protocol} ${bytes}`).join(' ')}
entries=" $(ipvsadm -Lnc | tr '\\n' ' ')"
scheduled() { case $entries in *" $1 "*) ;; *) false;; esac; }

${capabilities.map(({name, probe}) => `{ ${probe}; } && echo 'has ${name}' >&3`).join('\n')}
for knob in /proc/sys/net/ipv4/vs/*; do
  [ ! -e "$knob" ] || echo "sysctl net.ipv4.vs.\${knob##*/}" >&3
done
`;
