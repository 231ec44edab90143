import {parseAddress} from '../topology/ip.ts';

/** A real server of `/proc/net/ip_vs`. */
export interface TableRow {
  readonly address: string;
  readonly port: number;
  /** `Masq`, `Route`, `Tunnel`, `Local`, as `ipvsadm -Ln` has it. */
  readonly listedForward: string;
  readonly weight: number;
  readonly active: number;
  readonly inactive: number;
}

/**
 * Reads the real servers of `/proc/net/ip_vs` (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_info_seq_show), services' lines passed over: an
 * IPv4 address and every port are hexadecimal, an IPv6 address stands in brackets. Undefined when the text is none.
 */
export function parseProcTable(text: string): readonly TableRow[] | undefined {
  const [title, , , ...lines] = text.split('\n');
  if (!title?.startsWith('IP Virtual Server')) return undefined;
  const rows = lines
    .filter(line => line.trim().startsWith('->'))
    .map(line => {
      const match =
        /^ *-> (?:(?<v4>[\dA-F]{8})|\[(?<v6>[\da-f:]+)\]):(?<port>[\dA-F]{4}) +(?<forward>[A-Z][a-z]+) +(?<weight>\d+) +(?<active>\d+) +(?<inactive>\d+) *$/.exec(
          line,
        )?.groups;
      const v4 = match?.['v4']?.match(/../g)?.map(octet => Number.parseInt(octet, 16));
      const address = parseAddress(v4?.join('.') ?? match?.['v6'] ?? '')?.text;
      return match === undefined || address === undefined
        ? undefined
        : {
            address,
            port: Number.parseInt(match['port'] ?? '', 16),
            listedForward: match['forward'] ?? '',
            weight: Number(match['weight']),
            active: Number(match['active']),
            inactive: Number(match['inactive']),
          };
    });
  const whole = rows.filter(row => row !== undefined);
  return whole.length === rows.length ? whole : undefined;
}
