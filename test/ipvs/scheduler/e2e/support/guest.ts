import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {lvslab} from '../../../../e2e/support/cli.ts';
import {sourceOf, sources} from './arrivals.ts';

/** A director on a lab host of its own. */
export interface Guest {
  /** Runs a shell script on the director, with lines `open ...` in it, and gives its output; throws when it fails. */
  drive(script: string): Promise<string>;
  /** Runs a shell script on the director and gives its output; throws when it fails. */
  run(script: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a guest of a kernel, and makes its director a client of its own: IPVS takes what the director sends to a VIP as
 * it takes what it receives, so that one script can change services and open connections, in a certain order, however
 * slow the machine is.
 */
export async function startGuest(kernel: string): Promise<Guest> {
  const runtime = mkdtempSync(join(tmpdir(), 'lvs-s-'));
  const call = async (args: readonly string[]): Promise<string> => {
    const {exitCode, stdout, stderr} = await lvslab(args, {
      LVSLAB_RUNTIME: runtime,
      LVSLAB_KERNEL: kernel,
    });
    if (exitCode !== 0) throw new Error(`lvslab ${args[0]}: ${exitCode}\n${stdout}${stderr}`);
    return stdout;
  };
  const run = (script: string): Promise<string> =>
    call(['exec', 'director', '--', 'sh', '-ec', script]);
  const guest: Guest = {
    run,
    drive: script => run(driven(script)),
    async close() {
      await call(['host', 'down']);
      rmSync(runtime, {recursive: true, force: true});
    },
  };
  await call(['deploy', 'two-arm-nat']);
  await guest.run(setup());
  return guest;
}

/** A script with lines `open ...`, as the driver takes it. */
export const driven = (script: string): string =>
  `perl /tmp/drive.pl <<'SCRIPT'\n${script}\nSCRIPT`;

/** Addresses and routes of the director as client, and the program that opens connections. */
export function setup(): string {
  const addresses = [
    '198.51.100.80/32',
    '2001:db8:2::80/128',
    ...Array.from({length: sources}, (_, i) => [
      `${sourceOf('v4', i)}/32`,
      `${sourceOf('v6', i)}/128`,
    ]).flat(),
  ];
  return `ip -batch - <<'END'
${addresses.map(address => `addr add ${address} dev lo`).join('\n')}
route add local 198.18.0.0/16 dev lo
route add local 2001:db8:b::/48 dev lo
END
cat > /tmp/drive.pl <<'END'
${driver}
END`;
}

/**
 * The program that runs a script: its lines `open ...` open connections as `arrivalOf` computes them, without waiting
 * for answers, and the shell runs what is between them. One program, for perl starts slowly where the CPU is emulated.
 */
const driver = `use Socket qw(:all); use Fcntl;
sub at { my ($v6, $a, $n) = @_; my $b = inet_pton($v6 ? AF_INET6 : AF_INET, $a) or die "address $a";
  $v6 ? pack_sockaddr_in6($n, $b) : pack_sockaddr_in($n, $b) }
sub shell { $_[0] eq "" or system("sh", "-ec", $_[0]) == 0 or exit 1 }
my $shell = "";
while (my $line = <STDIN>) {
  if ($line !~ /^open /) { $shell .= $line; next }
  shell($shell); $shell = "";
  my (undef, $p, $v6, $prefix, $first, $count, $port, $from, $n) = split " ", $line;
  for my $i ($from .. $from + $n - 1) {
    my $s = $i * 7 % ${sources};
    my $a = $v6 ? sprintf("2001:db8:1:%d::%d", $s % 7 * 11, 100 + $s) : "192.0.2." . (11 + $s);
    socket(my $k, $v6 ? AF_INET6 : AF_INET, $p eq "tcp" ? SOCK_STREAM : SOCK_DGRAM, 0) or die "socket: $!";
    fcntl($k, F_SETFL, O_NONBLOCK);
    bind($k, at($v6, $a, 10000 + $i * 17)) or die "bind $a: $!";
    connect($k, at($v6, $prefix . ($first + $i * 5 % $count), $port)) || $!{EINPROGRESS}
      or warn "connect: $!";
    send($k, "x", 0) if $p eq "udp";
  }
}
shell($shell);`;
