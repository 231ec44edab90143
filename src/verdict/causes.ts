/** Causes that evidence can show; a counter-lab must fail for one of them. */
export const causes = {
  'real-server-answers-arp':
    'a real server answers ARP or neighbour solicitations for the VIP, so traffic bypasses the director',
  'real-server-behind-router':
    'droute cannot cross a router: the packet to the VIP is routed back to the director',
  'port-not-rewritten':
    'droute and tunnel do not rewrite the port, and nothing listens on the VIP port at the real server',
  'reply-bypasses-director':
    'the reply does not pass the director, so the client sees it come from the real server',
  'tunnel-device-down': 'encapsulated packets reach the real server, whose tunnel device is down',
  'tunnel-mode':
    'encapsulated packets reach the real server, whose tunnel device is up and takes none of their inner family',
  'gre-checksum-refused':
    'GRE packets have a checksum, and the GRE device of the real server takes none (icsum): it drops them',
  'reverse-path-filter':
    'the real server drops decapsulated packets: rp_filter (IPReversePathFilter counts)',
  'no-source-nat':
    'the real server sees the client address: SNAT does not act without vs.conntrack=1',
  'forwarding-method': 'the service forwards with another method than the lab expects',
  'other-scheduler': 'the service schedules with another scheduler than the lab expects',
  'other-one-packet':
    'the service schedules each datagram anew (-o), or keeps connections, against what the lab expects',
  'other-persistence': 'the service has another persistence than the lab expects',
  'other-quiescent':
    'net.ipv4.vs.expire_quiescent_template of the director is not what the lab expects',
  'not-marked': 'the director does not mark what the service is for, and answers itself',
  'other-tunnel': 'the director wraps in another way than the lab expects',
  'no-ftp-helper':
    'no FTP helper reads the control connection: the client is told of the real server, or there is no entry for the data connection',
  'no-forwarding': 'a node that must forward has ip_forward=0',
  'dead-server-kept':
    'a real server whose server is dead stays in the service: connections that it is given are refused',
  'not-synced':
    'no sync message brought the connection to the new master, which resets what it cannot place',
  'adverts-blocked': 'VRRP does not reach the backup, so that both directors are master',
  'not-announced':
    'no announcement tells who has the address now: packets may still go to who gave it up',
  'other-priority': 'a director advertises another priority than the lab expects',
  'vip-missing': 'the real server does not hold the VIP',
  'other-sysctl': 'a sysctl has another value than the lab expects',
  'error-dropped':
    'the director drops an ICMP error that it must hand on, so whoever sends too much never learns the MTU',
  'path-mtu-ignored':
    'what is larger than the path MTU goes in fragments (pmtu_disc is 0), where the lab expects an ICMP error',
  'path-mtu-told':
    'the director refuses what is larger than the path MTU with an ICMP error, where the lab expects fragments (pmtu_disc is 0)',
  'not-by-ipvs': 'the director forwards what is for the service, and IPVS counted none of it',
  'other-sync-id': 'the sync daemon has another sync id than the lab expects',
  'other-timeouts': 'connection entries live for another time than the lab expects',
} as const;
export type Cause = keyof typeof causes;
