#!/usr/bin/perl
# A real server for UDP or SCTP. A message "lvslab TOKEN BYTES", or one with filler behind it, gets an answer of so many bytes, never fewer than 64,
# from the address that it was sent to: the node's name and the token, a line each, padded, and filler. perl-base only.
#
#   server.pl PROTOCOL PORT NODE FOLDER LOG ADDRESS...
#
# Ends when it serves; a child goes on until the next server of this protocol and port takes its place. FOLDER holds
# its pid and its errors, LOG gets a line a message: "peer:port token protocol".
use strict;
use warnings;
use Fcntl qw(:DEFAULT :flock);
use Socket qw(:DEFAULT inet_ntop inet_pton IPPROTO_IPV6 IPV6_V6ONLY SOCK_NONBLOCK);

use constant {LONGEST_REQUEST => 65_536};

my ($protocol, $port, $node, $folder, $log, @addresses) = @ARGV;
my $pid_file = "$folder/$protocol-$port.pid";
my %types = (udp => [SOCK_DGRAM, 17], sctp => [SOCK_STREAM, 132]);

$0 = "lvslab-server $protocol $port";
$SIG{PIPE} = 'IGNORE';
my $place = take_place();
my %listening = map { fileno $_ => $_ } map { serve_at($_) } @addresses or die "no address to serve at\n";
my %clients;
open my $access, '>>', $log or die "$log: $!\n";

if (my $child = fork // die "fork: $!\n") {
    truncate $place, 0 and syswrite $place, "$child\n" or die "$pid_file: $!\n";
    exit 0;
}
$SIG{HUP} = 'IGNORE';
open STDIN, '<', '/dev/null' and open STDOUT, '>', '/dev/null' and open STDERR, '>>', "$folder/$protocol-$port-error.log"
    or exit 1;
while (1) {
    my $readable = '';
    vec($readable, $_, 1) = 1 for keys %listening, keys %clients;
    next if select($readable, undef, undef, undef) < 0;
    for my $number (grep { vec $readable, $_, 1 } keys %listening, keys %clients) {
        if (my $client = $clients{$number}) { from_client($number, $client) }
        elsif ($protocol eq 'udp') { from_anybody($listening{$number}) }
        else { new_client($listening{$number}) }
    }
}

# The server holds a lock while it lives, so one that is dead, or another process with its number, is never killed.
sub take_place {
    sysopen my $file, $pid_file, O_RDWR | O_CREAT or die "$pid_file: $!\n";
    if (!flock $file, LOCK_EX | LOCK_NB) {
        sysread $file, my $pid, 20;
        kill 'TERM', $1 if $pid =~ /^(\d+)$/;
        flock $file, LOCK_EX or die "$pid_file: $!\n";
        sysseek $file, 0, 0;
    }
    return $file;
}

# A socket an address: what it sends comes from there.
sub serve_at {
    my ($address) = @_;
    my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
    my $packed = inet_pton($family, $address) // die "no address: $address\n";
    my ($type, $number) = @{$types{$protocol}};
    socket(my $socket, $family, $type | SOCK_NONBLOCK, $number) or die "$protocol socket: $!\n";
    setsockopt $socket, IPPROTO_IPV6, IPV6_V6ONLY, 1 if $family == AF_INET6;
    my $name = $family == AF_INET ? pack_sockaddr_in($port, $packed) : pack_sockaddr_in6($port, $packed);
    bind $socket, $name or die "cannot serve at $address: $!\n";
    $protocol eq 'udp' or listen $socket, SOMAXCONN or die "listen at $address: $!\n";
    return $socket;
}

sub from_anybody {
    my ($socket) = @_;
    my $from = recv $socket, my $request, LONGEST_REQUEST, 0;
    return if !defined $from;
    my $answer = answer($request, $from) // return;
    defined send $socket, $answer, 0, $from or warn "answer: $!\n";
}

sub new_client {
    my ($listener) = @_;
    my $from = accept(my $socket, $listener) or return;
    fcntl $socket, F_SETFL, O_NONBLOCK;
    $clients{fileno $socket} = {socket => $socket, from => $from, received => ''};
}

sub from_client {
    my ($number, $client) = @_;
    my $count = sysread $client->{socket}, $client->{received}, LONGEST_REQUEST, length $client->{received};
    return if !defined $count && ($!{EAGAIN} || $!{EINTR});
    return delete $clients{$number} if !$count || length $client->{received} > LONGEST_REQUEST;
    while ($client->{received} =~ s/^(.*\n)//) {
        my $answer = answer($1, $client->{from}) // return delete $clients{$number};
        defined send $client->{socket}, $answer, 0 or warn "answer: $!\n";
    }
}

# Logs the peer before it answers: who has an answer, finds it in the log.
sub answer {
    my ($request, $from) = @_;
    my ($token, $bytes) = $request =~ /^lvslab ([\w.-]{1,42}) (\d{1,5})(?: x+)?\n$/ or return;
    syswrite $access, peer($from) . " $token $protocol\n";
    my $head = sprintf "%-20s\n%-42s\n", $node, $token;
    return $head . 'x' x ($bytes > length $head ? $bytes - length $head : 0);
}

sub peer {
    my ($from) = @_;
    return sprintf '%s:%d', inet_ntoa((unpack_sockaddr_in($from))[1]), (unpack_sockaddr_in($from))[0]
        if sockaddr_family($from) == AF_INET;
    my ($port, $packed) = unpack_sockaddr_in6($from);
    return sprintf '[%s]:%d', inet_ntop(AF_INET6, $packed), $port;
}
