import type {GuestHost} from '../../../src/host/guest/host.ts';
import {sh} from './guest.ts';

/** What the processes of one name took in a guest. */
export interface Share {
  readonly command: string;
  /** Processes that ended meanwhile. */
  readonly ended: number;
  /** Seconds of processor time, of those that ended and of those that still run. */
  readonly seconds: number;
}

/** Begins to count: acct(2), and what the running processes have taken so far. */
export async function startAccounting(host: GuestHost): Promise<void> {
  await sh(host, `perl - start <<'PERL'\n${script}\nPERL`);
}

/**
 * The processor time of everything in the guest since startAccounting, largest first. Ended processes by the kernel's process
 * accounting (acct(5)), in steps of 10 ms a process; running ones by proc_pid_stat(5).
 */
export async function endAccounting(host: GuestHost): Promise<readonly Share[]> {
  const table = await sh(host, `perl - end <<'PERL'\n${script}\nPERL`);
  const shares = table.split('\n').flatMap(line => {
    const [seconds, ended, command] = line.split('\t');
    return command === undefined ? [] : [{command, ended: Number(ended), seconds: Number(seconds)}];
  });
  return shares.toSorted((a, b) => b.seconds - a.seconds);
}

/** What `work` gave, and the processor time meanwhile. */
export async function accounted<T>(
  host: GuestHost,
  work: () => Promise<T>,
): Promise<readonly [T, readonly Share[]]> {
  await startAccounting(host);
  const result = await work();
  return [result, await endAccounting(host)];
}

/** `dockerd 12.1 s, exe 9.8 s (20 processes)`: those of a twentieth of the whole and more, and the sum. */
export function wordShares(shares: readonly Share[]): string {
  const whole = shares.reduce((sum, {seconds}) => sum + seconds, 0);
  const large = shares.filter(({seconds}) => seconds >= whole / 20);
  const words = large.map(
    ({command, ended, seconds}) =>
      `${command} ${seconds.toFixed(1)} s${ended > 0 ? ` (${ended} ended)` : ''}`,
  );
  return `${words.join(', ')}; all together ${whole.toFixed(1)} s`;
}

/** 163 is acct(2) on x86-64. A record is struct acct_v3 (include/uapi/linux/acct.h): 64 bytes; times are comp_t in 1/100 s. */
const script = `
use strict; use warnings;
$0 = 'accounting'; # a name of its own, to leave itself out
my ($log, $before) = ('/run/bench.acct', '/run/bench.before');
sub alive {
    my %ticks;
    for my $file (glob '/proc/[0-9]*/stat') {
        open my $in, '<', $file or next;
        my ($pid, $name, $rest) = (<$in> // '') =~ /^(\\d+) \\((.*)\\) \\S (.*)/s or next;
        my @field = split / /, $rest;
        $ticks{"$pid $field[18]\\t$name"} = $field[10] + $field[11];
    }
    return %ticks;
}
my %now = alive();
if ($ARGV[0] eq 'start') {
    open my $out, '>', $before or die "$before: $!";
    print $out "$now{$_}\\t$_\\n" for keys %now;
    open my $empty, '>', $log or die "$log: $!";
    syscall(163, $log) == 0 or die "acct: $!";
    exit;
}
syscall(163, 0) == 0 or die "acct: $!";
my (%seconds, %ended);
open my $in, '<', $before or die "$before: $!";
while (<$in>) { chomp; my ($ticks, $key) = split /\\t/, $_, 2; $now{$key} -= $ticks if exists $now{$key} }
for (keys %now) { my ($name) = /\\t(.*)/s; $seconds{$name} += $now{$_} / 100 }
open my $records, '<:raw', $log or die "$log: $!";
while (read $records, my $record, 64) {
    my ($user, $system, $name) = unpack 'x32 S S x12 Z16', $record;
    $ended{$name}++;
    $seconds{$name} += (($_ & 0x1fff) << (3 * ($_ >> 13))) / 100 for $user, $system;
}
delete $seconds{accounting};
printf "%.2f\\t%d\\t%s\\n", $seconds{$_}, $ended{$_} // 0, $_ for keys %seconds;
`;
