import {quote} from '../quote.ts';
import {answerHeadLength, nodeFolder, nodeNameLine} from './http.ts';
import {lateAfter} from './late.ts';

/** A real FTP server on a real server. */
export interface FtpServer {
  readonly node: string;
  /** Of the control connection; data connections in active mode come from the port below it (RFC 959, 3.2). */
  readonly port: number;
  readonly family: 'v4' | 'v6';
  /** Sizes of the files that it offers; each is named by its size. */
  readonly sizes: readonly number[];
}

const folder = `${nodeFolder}/ftp`;
/** Seconds in which the server listens on a slow machine. */
const startSeconds = 20;

/**
 * A script that starts the node's FTP server (vsftpd, for anonymous users, with no privilege of its own) and waits until
 * it listens. Each file begins as answers over HTTP do: with the node's name.
 */
export function ftpServerScript({node, port, family, sizes}: FtpServer): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const table = family === 'v4' ? '/proc/net/tcp' : '/proc/net/tcp6';
  return [
    `mkdir -p ${folder}/files`,
    ...sizes.map(
      size =>
        `{ printf '%s\\n' ${quote(nodeNameLine(node))}; head -c ${fillerOf(node, size)} /dev/zero | tr '\\0' x; } >${folder}/files/${size}`,
    ),
    `printf '%s' ${quote(config(port, family))} >${folder}/vsftpd.conf`,
    // What it has to say before it serves goes to its standard input, where a connection would be.
    `vsftpd ${folder}/vsftpd.conf 0<>${folder}/said || { cat ${folder}/said >&2; exit 1; }`,
    'listens() {',
    '  while read -r number local peer state rest; do',
    `    case $local/$state in *:${hex}/0A) return 0 ;; esac`,
    `  done <${table}`,
    '  return 1',
    '}',
    lateAfter(startSeconds),
    'until listens; do',
    `  ! late || { echo "vsftpd does not listen: $(cat ${folder}/said)" >&2; exit 1; }`,
    '  sleep 0.05',
    'done',
    '',
  ].join('\n');
}

const fillerOf = (node: string, size: number): number =>
  Math.max(size, answerHeadLength) - nodeNameLine(node).length - 1;

/**
 * vsftpd.conf(5). Privilege separation needs capabilities that nodes do not have; the password of an anonymous user is asked
 * for, as it carries the token of a session, and logged.
 */
const config = (port: number, family: FtpServer['family']): string =>
  [
    family === 'v4' ? 'listen=YES' : 'listen=NO',
    family === 'v4' ? 'listen_ipv6=NO' : 'listen_ipv6=YES',
    `listen_port=${port}`,
    'background=YES',
    'run_as_launching_user=YES',
    'anonymous_enable=YES',
    'local_enable=NO',
    `anon_root=${folder}/files`,
    'connect_from_port_20=YES',
    `ftp_data_port=${port - 1}`,
    'seccomp_sandbox=NO',
    'isolate=NO',
    'isolate_network=NO',
    'ftp_username=root',
    `secure_chroot_dir=${folder}`,
    'xferlog_enable=YES',
    'dual_log_enable=YES',
    `vsftpd_log_file=${folder}/vsftpd.log`,
    `xferlog_file=${folder}/xfer.log`,
    '',
  ].join('\n');
