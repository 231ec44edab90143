/** The methods, schedulers, protocols and keepalived. */
export const mainClaims: Readonly<Record<string, string>> = {
  DR1: "on the way in the director changes only the frame's MACs, to the chosen real server's and its own; the packet stays CIP > VIP",
  DR2: 'the request passes the director, the reply does not: no reply frame is ever seen at the director',
  DR3: 'director and real servers must share one LAN: with a router between them droute does not work',
  DR4: 'each real server holds the VIP and suppresses ARP for it; without suppression traffic bypasses the director',
  DR5: "a real server's default gateway is the upstream router, not the director",
  DR6: "the port cannot be rewritten: a real server that listens on another port than the VIP's refuses the connection",
  DR7: 'the reply leaves the real server with source VIP and its own MAC',
  NAT1: 'the director rewrites destination VIP:port to RIP:port of the chosen real server; the source stays CIP',
  NAT2: 'ipvsadm -Lnc shows the connection entry that the packets show',
  NAT3: "the real server's default gateway must be the director; with another the client sees a reply from RIP and the connection fails",
  NAT4: 'on the way back the director rewrites source RIP:port to VIP:port',
  NAT5: 'the client never sees RIP or DIP, in any frame',
  NAT6: 'both directions pass the director, against one direction with DR and TUN: measured in bytes',
  NAT7: 'port translation works: VIP:80 to RIP:8080',
  NAT8: 'only the director needs an address on the outer network',
  TUN1: 'the director encapsulates: outer DIP > RIP, protocol 4, inner CIP > VIP unchanged byte for byte but the TTL',
  TUN2: 'the real server decapsulates and serves the inner packet',
  TUN3: 'the reply goes straight to the client with source VIP, not encapsulated, not through the director',
  TUN4: 'real servers may be in other networks than the director, behind a router',
  TUN5: 'the real server needs its tunnel device up and rp_filter off; without, it fails for that reason',
  FN1: 'on the way in the director rewrites both: CIP > VIP becomes LIP > RIP',
  FN2: 'on the way back RIP > LIP becomes VIP > CIP',
  FN3: 'real servers may be in another subnet, with no route to the client and no gateway at the director',
  FN4: 'the real server does not see CIP: its access log shows LIP',
  'S-rr': 'rr gives connections to the real servers in turn',
  'S-wrr':
    'wrr gives connections in turn in proportion to weights, interleaved as its algorithm computes',
  'S-sh': 'sh chooses by a hash of the source address, and with sh-port of the source port',
  'S-lc':
    'lc chooses the real server with the fewest connections, an active one counting as 256 inactive',
  'S-wlc': 'wlc does so in proportion to weights',
  'S-sed': 'sed chooses the shortest expected delay: (active + 1) / weight',
  'S-nq': 'nq chooses an idle real server if there is one, else as sed',
  'S-fo': 'fo gives everything to the available real server of the highest weight',
  'S-ovf':
    'ovf fills the real server of the highest weight up to as many active connections as its weight, then the next',
  'S-mh': "mh chooses by Maglev's table, exactly computed from addresses and weights",
  'S-twos':
    'twos draws two real servers by weight and takes the one with less load for its weight: each gets as many connections as its chances let expect',
  'P-udp':
    'the datagrams of one UDP 5-tuple stay with one real server, by its connection entry, over NAT and DR',
  'P-ops':
    'with one-packet scheduling (-o) each datagram of one 5-tuple is scheduled anew, and no entry stays',
  'P-sctp':
    'an SCTP association is set up, carries data and is shut down through NAT and DR, with a good CRC32c at every hop',
  K1: 'the same lab configured by ipvsadm and by keepalived gives the same packets',
  K2: 'keepalived removes a dead real server and puts it back',
  K3: 'VRRP failover moves the VIP, with gratuitous ARP to all; the connection sync daemon keeps connections alive through it',
  K4: 'split brain shows two masters on the wire, and the cure one; with two VIPs each director can be master of one',
  'P-persistence':
    'with persistence the connections of one client go to one real server, by a template; another client is scheduled anew',
  'P-persistence-netmask':
    'with a netmask the clients that it groups share one template and one real server',
  'P-persistence-expiry':
    'a template ends some time after its last connection; then its client is scheduled anew',
  'P-persistence-quiescent':
    'a template keeps its client at a real server of weight 0, to which new clients are not given',
  'P-persistence-expire-quiescent':
    'with expire_quiescent_template=1 a client whose real server has weight 0 is scheduled anew',
  'P-fwmark': 'what netfilter marks is one service, whatever its addresses and ports',
  'P-fwmark-persistence':
    'with persistence and a firewall mark a client has one real server, and one template, on all its ports',
  'S-dh': 'dh chooses by a hash of the destination address',
  'S-lblc':
    'lblc keeps a destination address at one real server until that has more connections than weight',
  'S-lblcr': 'lblcr keeps a destination address at a set of real servers, which grows under load',
};
