/** What IPVS makes of a packet in one direction; with droute and tunnel it sees requests alone (`alone`). */
export type Side = 'request' | 'reply' | 'alone';

/** By event, the state that follows each; `else` for those that are not named, undefined where they stay as they are. */
type Follow = Readonly<Record<string, string>> & {readonly else?: string};

/**
 * net/netfilter/ipvs/ip_vs_proto_tcp.c, tcp_states, without secure_tcp. The events in the order in which they count when a segment
 * has several flags: RST, SYN, FIN, ACK (tcp_state_idx).
 */
const tcpRequest: Readonly<Record<string, Follow>> = {
  rst: {SYN_RECV: 'SYN_RECV', LAST_ACK: 'LAST_ACK', LISTEN: 'LISTEN', else: 'CLOSE'},
  syn: {ESTABLISHED: 'ESTABLISHED', SYN_SENT: 'ESTABLISHED', else: 'SYN_RECV'},
  fin: {ESTABLISHED: 'CLOSE_WAIT', SYN_RECV: 'TIME_WAIT', FIN_WAIT: 'TIME_WAIT', NONE: 'CLOSE'},
  ack: {SYN_RECV: 'ESTABLISHED', LAST_ACK: 'CLOSE'},
};
const tcpReply: Readonly<Record<string, Follow>> = {
  rst: {TIME_WAIT: 'TIME_WAIT', SYN_SENT: 'SYN_SENT', else: 'CLOSE'},
  syn: {
    ESTABLISHED: 'ESTABLISHED',
    SYN_RECV: 'SYN_RECV',
    LISTEN: 'LISTEN',
    else: 'SYN_SENT',
  },
  fin: {ESTABLISHED: 'FIN_WAIT', SYN_RECV: 'TIME_WAIT', CLOSE_WAIT: 'TIME_WAIT'},
  ack: {SYN_RECV: 'ESTABLISHED', NONE: 'ESTABLISHED', LISTEN: 'ESTABLISHED'},
};
const tcp: Readonly<Record<Side, Readonly<Record<string, Follow>>>> = {
  request: tcpRequest,
  reply: tcpReply,
  alone: {...tcpRequest, fin: {ESTABLISHED: 'FIN_WAIT', SYN_RECV: 'TIME_WAIT', NONE: 'CLOSE'}},
};

/**
 * The state of a TCP entry (ipvsadm's word) after a segment with these flags (tcpdump's letters). Undefined for a segment
 * whose state IPVS takes from none of them, and for a request without SYN that begins an entry: that depends on sysctls.
 */
export function tcpAfter(state: string, side: Side, flags: string): string | undefined {
  const event = flags.includes('R')
    ? 'rst'
    : flags.includes('S')
      ? 'syn'
      : flags.includes('F')
        ? 'fin'
        : flags.includes('.')
          ? 'ack'
          : undefined;
  if (event === undefined || (state === 'NONE' && event !== 'syn')) return undefined;
  const follow = tcp[side][event];
  return follow?.[state] ?? follow?.else ?? state;
}

/**
 * net/netfilter/ipvs/ip_vs_proto_sctp.c, sctp_states: what an association goes through that its client sets up and shuts down. By
 * `state chunk`; with `alone` the requests have to do.
 */
const sctp: Readonly<Record<Side, Readonly<Record<string, string>>>> = {
  request: {
    'NONE init': 'INIT1',
    'C-SENT cookie-echo': 'C-REPLIED',
    'ESTABLISHED shutdown': 'S-RECEIVED',
    'S-ACK-SENT shutdown-complete': 'CLOSED',
  },
  reply: {
    'INIT1 init-ack': 'C-SENT',
    'C-REPLIED cookie-ack': 'ESTABLISHED',
    'S-RECEIVED shutdown-ack': 'S-ACK-SENT',
  },
  alone: {
    'NONE init': 'INIT1',
    'INIT1 cookie-echo': 'ESTABLISHED',
    'ESTABLISHED shutdown': 'S-RECEIVED',
    'S-RECEIVED shutdown-complete': 'CLOSED',
  },
};
/** Chunks that change nothing once there is an entry. */
const idle = new Set(['data', 'sack', 'heartbeat', 'heartbeat-ack']);

/**
 * The state of an SCTP entry after a packet whose first chunk is this: IPVS looks at no other. Undefined where the
 * association goes another way than this knows.
 */
export const sctpAfter = (state: string, side: Side, chunk: string): string | undefined =>
  sctp[side][`${state} ${chunk}`] ?? (state !== 'NONE' && idle.has(chunk) ? state : undefined);
