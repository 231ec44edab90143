/** Where a data connection is to go, as an FTP control connection says it. */
export interface Announcement {
  readonly command: 'PASV' | 'EPSV' | 'PORT' | 'EPRT';
  /** EPSV names none: it is that of the control connection. */
  readonly address: string | undefined;
  readonly port: number;
  /** Where address and port stand in the payload of a PASV answer. */
  readonly from: number;
  readonly to: number;
}

/**
 * Reads what one end of a control connection said in one segment. PASV is answered with 227, which has the six bytes of
 * address and port in decimal; PORT has them too (RFC 959, 4.1.2 and 4.2). EPSV is answered with 229, which has a port
 * alone; EPRT has family, address and port (RFC 2428).
 */
export function announcementIn(payload: Uint8Array): Announcement | undefined {
  const text = Buffer.from(payload).toString('latin1');
  const [pasv, epsv, port, eprt] = [
    /^227 [^(\r\n]*\((\d{1,3}(?:,\d{1,3}){5})\)/.exec(text),
    /^229 [^(\r\n]*\(\|\|\|(\d{1,5})\|\)/.exec(text),
    /^PORT (\d{1,3}(?:,\d{1,3}){5})\r\n/.exec(text),
    /^EPRT \|[12]\|([0-9a-f.:]+)\|(\d{1,5})\|\r\n/i.exec(text),
  ];
  if (pasv !== null) return six('PASV', pasv);
  if (port !== null) return six('PORT', port);
  if (epsv !== null)
    return {command: 'EPSV', address: undefined, port: Number(epsv[1]), from: 0, to: 0};
  return eprt === null
    ? undefined
    : {command: 'EPRT', address: eprt[1], port: Number(eprt[2]), from: 0, to: 0};
}

function six(command: 'PASV' | 'PORT', match: RegExpExecArray): Announcement {
  const numbers = match[1] ?? '';
  const bytes = numbers.split(',').map(Number);
  const [high = 0, low = 0] = bytes.slice(4);
  const from = match[0].indexOf(numbers);
  return {
    command,
    address: bytes.slice(0, 4).join('.'),
    port: high * 256 + low,
    from,
    to: from + numbers.length,
  };
}

/** An IPv4 address and a port as PASV's answer has them. */
export const sixNumbers = (address: string, port: number): string =>
  [...address.split('.'), port >> 8, port & 255].join(',');
