/** Tunnels, IPv6, single packets, sysctls, and what IPVS says of itself. */
export const packetClaims: Readonly<Record<string, string>> = {
  'T-GRE1':
    'a GRE tunnel: outer DIP > RIP, no checksum, key or sequence number, inner CIP > VIP unchanged byte for byte but the TTL',
  'T-GRE2':
    'the real server takes GRE without a checksum at gre0, and replies straight to the client',
  'T-GREC1':
    'GRE with --tun-csum: the C bit is set and the checksum good, the inner packet unchanged but the TTL',
  'T-GREC2':
    'GRE with a checksum needs a device with icsum at the real server: gre0 has none and drops it',
  'T-GUE1':
    'a GUE tunnel: outer DIP > RIP, UDP to the tunnel port with checksum 0, no option, the inner packet unchanged but the TTL',
  'T-GUE2': 'the real server takes GUE with fou and tunl0, and replies straight to the client',
  'T-GUEC1':
    'GUE with --tun-csum: the UDP checksum is there and good, the inner packet unchanged but the TTL',
  'T-GUEC2': 'the real server takes GUE with a UDP checksum, and replies straight to the client',
  'T-GUER1':
    'GUE with --tun-remcsum: a packet whose checksum is whole gets a UDP checksum and no remote checksum option',
  'T-GUER2': 'the real server takes what --tun-remcsum sends, and replies straight to the client',
  'T-4IN6-1':
    'IPv4 in IPv6: for a real server with an IPv6 address the director wraps the IPv4 packet, next header 4, unchanged but the TTL',
  'T-4IN6-2':
    'the real server takes IPv4 in IPv6 at ip6tnl0 in mode any or ipip6, and replies in IPv4; in the mode that the device has at first it does not',
  'T-6IN4-1':
    'IPv6 in IPv4: for a real server with an IPv4 address the director wraps the IPv6 packet, protocol 41, unchanged but the hop limit',
  'T-6IN4-2': 'the real server takes IPv6 in IPv4 at sit0, and replies in IPv6',
  'T-MIXED1':
    'one service may have real servers of both families: each is reached by a tunnel of its own',
  'T-4IN6-GRE': 'IPv4 in GRE over IPv6, taken at ip6gre0',
  'T-6IN4-GRE': 'IPv6 in GRE over IPv4, taken at gre0',
  'T-4IN6-GUE': 'IPv4 in GUE over IPv6, taken with fou and ip6tnl0 in mode any',
  'T-6IN4-GUE': 'IPv6 in GUE over IPv4, taken with fou and sit0',
  'FTP-PASV1':
    'FTP, passive: in the answer to PASV the director writes VIP for RIP, and moves sequence numbers and acknowledgements by the difference in length from then on',
  'FTP-PASV2':
    'the data connection to VIP and the announced port goes to the real server of its control connection, by an entry: no service is there',
  'FTP-EPSV':
    'with EPSV, which names a port alone, the data connection goes to the real server of its control connection as well',
  'FTP-PORT1':
    'FTP, active: the real server opens the data connection from its port 20, and the client sees it come from VIP port 20',
  'FTP-PORT2': 'the command PORT passes unchanged, and with it all of the control connection',
  'FTP-EPRT': 'with EPRT the data connection comes from VIP port 20 as well',
  'V6-FTP-EPSV': 'FTP over IPv6, passive: EPSV and its data connection, by the entry of the helper',
  'V6-FTP-EPRT': 'FTP over IPv6, active: EPRT and a data connection that comes from VIP port 20',
  'V6-NAT1':
    'NAT over IPv6: the director rewrites destination VIP:port to RIP:port, and source RIP:port to VIP:port on the way back',
  'V6-NAT2':
    "over IPv6 too the real server's default gateway must be the director; with another the reply bypasses it",
  'V6-NAT3':
    'the client never sees RIP or DIP over IPv6, in any frame, neighbour discovery included',
  'V6-DR1':
    "DR over IPv6: the director changes only the frame's MACs and the hop limit; the packet stays CIP > VIP",
  'V6-DR2': 'over IPv6 the request passes the director, and no reply frame is ever seen there',
  'V6-DR3': 'over IPv6 too director and real servers must share one LAN for droute',
  'V6-DR4':
    'a real server that holds the VIP on lo answers no neighbour solicitation for it, with no sysctl set; on its LAN interface it does',
  'V6-DR5': 'droute cannot rewrite the port over IPv6 either',
  'V6-TUN1':
    'TUN over IPv6: outer DIP > RIP, next header 41, inner CIP > VIP unchanged byte for byte but the hop limit',
  'V6-TUN2': 'over IPv6 a real server in a network behind a router decapsulates and serves',
  'V6-TUN3':
    'over IPv6 the reply goes straight to the client with source VIP, not encapsulated, not through the director',
  'V6-TUN4':
    'over IPv6 the real server needs ip6tnl0 up and the VIP; without either it fails for that reason',
  'V6-GRE1':
    'GRE over IPv6: outer DIP > RIP, no checksum, key or sequence number, the inner packet unchanged but the hop limit',
  'V6-GRE2':
    'over IPv6 the real server takes GRE without a checksum at ip6gre0, and replies straight to the client',
  'V6-GUE1':
    'GUE over IPv6 with --tun-csum: UDP to the tunnel port with a good checksum, no option, the inner packet unchanged but the hop limit',
  'V6-GUE2':
    'over IPv6 the real server takes GUE with fou and ip6tnl0, and replies straight to the client',
  'V6-K3':
    'over IPv6 too VRRP moves the VIP, with unsolicited neighbour advertisements to all, and synced connections go on',
  'V6-FN1': 'full NAT over IPv6: CIP > VIP becomes LIP > RIP on the way in',
  'V6-FN2': 'full NAT over IPv6: RIP > LIP becomes VIP > CIP on the way back',
  'V6-FN3':
    'over IPv6 the real servers of full NAT may be in another subnet with no route to the client',
  'V6-FN4': 'over IPv6 the real server of full NAT does not see CIP: its access log shows LIP',
  'Y-sloppy-tcp':
    'a TCP segment that opens no connection makes an entry, and is forwarded, only with sloppy_tcp=1; without, the director answers with RST itself',
  'Y-reuse-1':
    'with conn_reuse_mode=1 a SYN from the port of a connection in TIME_WAIT is scheduled anew, at once',
  'Y-reuse-0':
    'with conn_reuse_mode=0 a SYN from the port of a connection in TIME_WAIT goes where that connection went',
  'Y-reuse-conntrack':
    'with conntrack=1 too a SYN from the port of a connection in TIME_WAIT is scheduled anew, at once: the first SYN is not dropped',
  'Y-reuse-quiescent':
    'with conn_reuse_mode=0 a SYN for a real server of weight 0 goes to another only with expire_nodest_conn=1',
  'Y-nodest-0':
    'with expire_nodest_conn=0 packets of a connection whose real server was taken out are dropped without a word, and go to it again once it is back',
  'Y-nodest-1':
    'with expire_nodest_conn=1 the connections of a real server go with it; a segment of one is answered with RST, and a new SYN goes to another',
  'Y-quiescent-0':
    'with expire_quiescent_template=0 a persistent client goes to its real server still when that has the weight 0',
  'Y-quiescent-1':
    'with expire_quiescent_template=1 a persistent client whose real server has the weight 0 goes to another, and stays there',
  'Y-secure-tcp-0':
    "without secure_tcp a client's ACK makes a connection ESTABLISHED though its real server has said nothing",
  'Y-secure-tcp-3':
    'with secure_tcp=3 a connection through NAT is SYN_RECV, SYNACK from the SYN-ACK on, and ESTABLISHED only when the real server acknowledges once more',
  'H-checksum-bad':
    'NAT judges no checksum of UDP and TCP: it is updated by what changes, so that a bad one makes an entry and comes to the real server as bad as it was',
  'H-checksum-none': 'a UDP datagram without checksum gets a good one from NAT',
  'H-checksum-sctp':
    'where NAT translates a port, SCTP with a bad CRC32c leaves the director with a good one: it is calculated anew',
  'H-checksum-sctp-port': 'where NAT translates no port, the CRC32c stays as it was, good or bad',
  'H-fragments-order':
    'fragments that come in the wrong order go through NAT in the right one, each as it was cut, as one datagram of one entry',
  'H-fragments-alone':
    'of a datagram that is not whole nothing is forwarded, and it makes no entry',
  'H-ttl-tunnel':
    'the header around a packet in an ipip tunnel has the TTL that the packet has by then',
  'H-ttl':
    'a packet whose TTL ends at the director is answered with time exceeded from the VIP and not forwarded; its entry is made all the same',
  'H-sctp':
    'an SCTP entry follows the chunks of both directions: INIT after a second INIT, C-SENT, C-REPLIED, ESTABLISHED, S-RECEIVED, S-ACK-SENT, CLOSED',
  'I-nat-out':
    "what a real server says of a packet (unreachable, time exceeded) comes to the client from the VIP through NAT, and quotes the client's packet to the VIP, also when it quotes no more than eight bytes",
  'I-nat-in':
    'what is said of an answer to the VIP comes to the real server through NAT, and quotes its own packet, also when it quotes no more than eight bytes',
  'I-nat-bad': 'an ICMP error with a bad checksum is not handed on through NAT',
  'I-tun-out':
    "a host unreachable or time exceeded about a packet in an ipip tunnel makes the director send the client the same error from the VIP, which quotes the client's packet as far as it was quoted",
  'I-tun-mtu':
    "a fragmentation needed about a packet in an ipip tunnel makes the director tell the client the MTU of its route to the real server, less the tunnel's header",
  'I-tun-ignored':
    'an error about a packet in an ipip tunnel is not handed on when its quote ends before the ports, nor is fragmentation needed when the packet inside allows fragments',
  'I-nat6-out':
    'over IPv6 what a real server says of a packet comes to the client from the VIP through NAT, and quotes its packet to the VIP, also when it quotes no more than eight bytes',
  'I-nat6-in':
    'over IPv6 what is said of an answer to the VIP comes to the real server through NAT, and quotes its own packet, also when it quotes no more than eight bytes',
  'M-TUN':
    'a request that does not fit the tunnel is refused with fragmentation needed from the VIP, which tells the MTU that the tunnel leaves (1480 with ipip, 1476 with gre, 1468 with gue), and the client sends what fits',
  'M-TUN6':
    'over IPv6 a request that does not fit the tunnel is refused with packet too big from the VIP, which tells the MTU that the tunnel leaves (1460), and the client sends what fits',
  'M-TUN-path':
    "a router's fragmentation needed for a tunnel packet makes the director tell the client the MTU that the tunnel leaves",
  'M-TUN-path-gre':
    "a router's fragmentation needed for a GRE packet makes the director tell the client the MTU that the tunnel leaves, of which GRE takes four bytes more",
  'M-TUN-path-gue':
    "a router's fragmentation needed for a GUE packet makes the director tell the client the MTU that the tunnel leaves, of which UDP and GUE take twelve bytes more",
  'M-pmtu-disc':
    'with pmtu_disc=0 the director refuses nothing: a tunnel packet that is too large goes in fragments, which the real server puts together',
  'M-ICMP-dr':
    'an ICMP error for a reply, which comes to the VIP, is handed to the real server unchanged, which then sends what fits',
  'M-ICMP-nat':
    'an ICMP error for a reply is handed to the real server through NAT: its destination and the quoted source become RIP:port, the checksums of both headers and of the message are good, and the real server then sends what fits',
  'M-ICMP6-dr':
    'over IPv6 packet too big for a reply, which comes to the VIP, is handed to the real server unchanged, which then sends what fits',
  'M-ICMP6-nat':
    'over IPv6 packet too big for a reply is handed to the real server through NAT, rewritten outside and inside with a good checksum',
  'M-unreachable':
    'a port unreachable from a real server comes to the client from the VIP, quoting what the client sent to the VIP: NAT rewrites both',
  'M-fragments':
    'datagrams in fragments go through NAT and DR as whole ones do: the director puts them together, schedules them once and sends them on in fragments',
  'M-fragments-tun':
    'a datagram that came in fragments goes through the tunnel as one packet, which is cut anew',
  'M-fragments-tun6':
    'over IPv6 fragments that do not fit the tunnel are refused with packet too big, and smaller ones go as one packet, cut to their size',
  'A-stats':
    'what IPVS counts, in all, for each service and for each real server, is the connections, packets and bytes that its packets show; its listings count as many connections as there are entries',
  'A-entries':
    'the connection entries are those of the packets and no others, each in the state in which its packets left it',
  'Y-drop-packet':
    'with drop_packet=3 the director drops the first of every am_droprate packets that would make an entry, with am_droprate=1 all of them; what has an entry passes',
  'Y-drop-entry':
    'with drop_entry=3 entries of a SYN flood vanish within seconds, long before they expire; an established connection stays',
  'Y-sloppy-sctp':
    'an SCTP chunk that opens no association makes an entry, and is forwarded, only with sloppy_sctp=1; without, the director answers with ABORT itself',
  'Y-sctp-v6-state':
    'the state of an SCTP association over IPv6 follows from its chunks behind extension headers too: an INIT makes INIT1, and one more makes INIT',
  'Y-v6-ext-good':
    'over IPv6 a TCP segment with a good checksum passes behind extension headers, which stay, also where the director looks at checksums',
  'Y-v6-ext-bad':
    'over IPv6 a TCP segment with a bad checksum is dropped behind extension headers too, where the director looks at checksums',
  'Y-icmpv6-checksum':
    'an ICMPv6 error of a connection is rewritten and forwarded, from client and from real server; with a bad checksum it is dropped',
  'Y-icmpv6-extensions':
    'an ICMPv6 error of a connection is rewritten in the right places, with extension headers of its own or in the packet that it quotes',
  'Y-icmp-fragment':
    'an ICMP error about a later fragment, which has no ports, is not taken for one of a connection: it is routed as it is',
  'P-sctp-states':
    'the state of an SCTP association follows the chunks of both sides: four to open it, three to close it',
  'Y-conntrack':
    'with conntrack=1 netfilter knows the connection with both its tuples, and translates its source; with conntrack=0 it does neither',
  'Y-estimation':
    'with run_estimation=0 the rates of a service stay as they are; set to 1 they follow the packets',
  'Y-est-cpulist':
    'the kernel threads that estimate rates run on the processors of est_cpulist alone, from when it is set',
  'Y-est-nice':
    'the kernel threads that estimate rates have the nice value of est_nice, from when it is set',
  'Y-conn-max':
    'at conn_max entries a packet that would make one more is dropped without a word; what has an entry passes, and a higher conn_max lets new ones in',
  'Y-conn-lfactor':
    'a lower conn_lfactor gives the same entries a larger table, at once, and a table grows with its entries; all entries are found as before',
  'Y-svc-lfactor':
    'a lower svc_lfactor gives the same services a larger table, at once; they are found as before',
  'Y-expired-tcp':
    'a segment of a TCP connection whose entry has expired (ipvsadm --set) is not forwarded: the director answers with RST',
  'Y-expired-fin':
    'the entry of a connection that the real server has half closed lives for tcpfin (ipvsadm --set), and then the client is answered with RST; one that the client has half closed lives for a minute, whatever tcpfin is',
  'Y-nat-icmp-send-1':
    'with nat_icmp_send=1 a real server whose packet belongs to no connection is told by ICMP port unreachable, and nobody sees its packet',
  'Y-nat-icmp-send-0':
    'with nat_icmp_send=0 a packet of a real server that belongs to no connection is routed with the address of the real server',
  'Y-sync-threshold':
    'the sync daemon tells of a connection with its packet number sync_threshold, and again a sync_period later; of one with fewer packets it says nothing',
  'Y-sync-refresh':
    'within sync_refresh_period the sync daemon does not tell again of a connection that nothing has changed in',
  'Y-sync-version': 'the sync daemon speaks the version of sync_version, from the next message on',
  'Y-sync-ports':
    'with sync_ports=2 the connections are told of at the UDP ports 8848 and 8849, each at one of them',
  'Y-sync-persist-mode':
    'with sync_persist_mode=1 the sync daemon tells of the templates of a persistent service alone, with 0 of its connections too',
  'Y-sync-retries':
    'within sync_refresh_period, an eighth of it later, the sync daemon tells again of a connection that nothing has changed in, sync_retries times and no more',
  'Y-sync-qlen':
    'a message of the sync daemon that is full is lost when sync_qlen_max others wait to be sent: with 0 it tells only of what its last message, not full, holds',
  'Y-backup-only':
    'with backup_only=1 the director whose sync daemon is a backup takes packets for the VIP for its own, of connections that it knows too; with 0 it schedules and forwards them',
  'Y-sync-received':
    'a director whose sync daemon is a backup has, once a sync message of its sync id told of a connection, in version 1 or 0, an entry in the state and with the real server told; packets of the connection go there',
  'Y-sync-refused':
    'a backup takes nothing from a sync message of another sync id or with another size than it has, and of one that is cut short only the connections before the cut',
  'Y-ignore-tunneled':
    'a packet for the VIP that came to the director in IPIP is scheduled, with ignore_tunneled=1 as with 0: the mark that it sets does not outlive the end of the tunnel',
  'Y-schedule-icmp':
    'an ICMP error about a connection that the director does not know makes an entry, and is forwarded with its quote rewritten, only with schedule_icmp=1',
};
