import {sources} from './arrivals.ts';

/**
 * The program that runs a script on the director; the shell runs the lines that are none of these:
 *
 * - `open PROTOCOL V6 PREFIX FIRST COUNT PORT FROM N` opens connections as `arrivalOf` computes them, without waiting
 * - `connect NAME SOURCE PORT VIP PORT` opens one, waits until it is established, and prints its entry
 * - `close NAME` sends a FIN, `reset NAME` an RST
 * - `gone NAME` waits until its entry has expired
 *
 * One program, for perl starts slowly where the CPU is emulated.
 */
export const driver = `use Socket qw(:all); use Fcntl;
$| = 1;
my (%socket, %client);
sub at { my ($v6, $a, $n) = @_; my $b = inet_pton($v6 ? AF_INET6 : AF_INET, $a) or die "address $a";
  $v6 ? pack_sockaddr_in6($n, $b) : pack_sockaddr_in($n, $b) }
sub shell { $_[0] eq "" or system("sh", "-ec", $_[0]) == 0 or exit 1 }
sub entry { my ($name) = @_; grep { index($_, "$client{$name} ") >= 0 } \`ipvsadm -Lnc\` }
my %do = (
  open => sub {
    my ($p, $v6, $prefix, $first, $count, $port, $from, $n) = @_;
    for my $i ($from .. $from + $n - 1) {
      my $s = $i * 7 % ${sources};
      my $a = $v6 ? sprintf("2001:db8:1:%d::%d", $s % 7 * 11, 100 + $s) : "192.0.2." . (11 + $s);
      my $type = $p eq "tcp" ? SOCK_STREAM : SOCK_DGRAM;
      socket(my $k, $v6 ? AF_INET6 : AF_INET, $type, 0) or die "socket: $!";
      fcntl($k, F_SETFL, O_NONBLOCK);
      bind($k, at($v6, $a, 10000 + $i * 17)) or die "bind $a: $!";
      connect($k, at($v6, $prefix . ($first + $i * 5 % $count), $port)) || $!{EINPROGRESS}
        or warn "connect: $!";
      send($k, "x", 0) if $p eq "udp";
    }
  },
  connect => sub {
    my ($name, $source, $sport, $vip, $port) = @_;
    socket(my $k, AF_INET, SOCK_STREAM, 0) or die "socket: $!";
    bind($k, at(0, $source, $sport)) or die "bind $source: $!";
    ($socket{$name}, $client{$name}) = ($k, "$source:$sport");
    connect($k, at(0, $vip, $port)) or die "connect $name: $!";
    print entry($name);
  },
  close => sub { shutdown($socket{$_[0]}, 1) },
  reset => sub {
    my $k = delete $socket{$_[0]};
    setsockopt($k, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0));
    close($k);
  },
  gone => sub { my ($name) = @_; select(undef, undef, undef, 0.2) while entry($name) },
);
my $shell = "";
while (my $line = <STDIN>) {
  my ($verb, @args) = split " ", $line;
  if (!$verb || !$do{$verb}) { $shell .= $line; next }
  shell($shell); $shell = "";
  $do{$verb}->(@args);
}
shell($shell);`;
