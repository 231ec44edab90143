#!/usr/bin/perl
# A client's connections, one after the other, with messages on each: HTTP requests over TCP, or one line each over
# UDP and SCTP, which server.pl answers. Writes a line of JSON a message, then "end". perl-base only.
#
#   client.pl PROTOCOL ADDRESS PORT MESSAGES BYTES UPLOAD PATH TIMEOUT TOKEN HOLD SOURCE,PORT,ADDRESS,PORT...
#
# UPLOAD is how many bytes of filler a request has. PATH is what HTTP asks for; HOLD a socket at which connections wait until hold.pl releases them, or ''. Each connection
# may have its own source and source port, and its own destination and port: '' leaves them. A token is
# TOKEN-CONNECTION-MESSAGE.
use strict;
use warnings;
use Socket qw(:DEFAULT inet_ntop inet_pton IPPROTO_IPV6 IPV6_V6ONLY SOCK_NONBLOCK);

# What went wrong, as curl's exit codes (curl(1), EXIT CODES).
use constant {REFUSED => 7, STRANGE => 8, CUT => 18, TIMED_OUT => 28, NO_SOURCE => 45};
use constant {EMPTY => 52, NOT_SENT => 55, NOT_RECEIVED => 56};
use constant {HEAD => 64, CHUNK => 65_536, LONGEST_HEADER => 16_384, CLOSING => 10};

my ($protocol, $address, $port, $messages, $bytes, $upload, $path, $timeout, $token, $hold, @sources) = @ARGV;
my %types = (tcp => [SOCK_STREAM, 6], udp => [SOCK_DGRAM, 17], sctp => [SOCK_STREAM, 132]);
my $family = $address =~ /:/ ? AF_INET6 : AF_INET;
my ($host, $peer, $deadline, $own_address);
open my $uptime, '<', '/proc/uptime' or die "/proc/uptime: $!\n";

$0 = 'lvslab-client';
$| = 1;
$SIG{PIPE} = 'IGNORE';
my $listener = $hold eq '' ? undef : listen_at($hold);
my @held;
for my $number (1 .. @sources) {
    my $connection = {number => $number, messages => 0};
    my ($source, $source_port, $to, $to_port) = split /,/, $sources[$number - 1], -1;
    aim($to || $address, $to_port || $port);
    $connection->{host} = $host;
    my $failed = talk($connection, $source, $source_port);
    if ($failed) { delete $connection->{socket} }
    elsif ($listener) { push @held, $connection }
    else { finish($connection) }
}
wait_for_release() if $listener;
print "end\n";

# Where the next connection goes.
sub aim {
    my ($to, $to_port) = @_;
    $host = $to =~ /:/ ? "[$to]:$to_port" : "$to:$to_port";
    $peer = name($to, $to_port);
}

# All messages of one connection. After a failure there are no more, but for datagrams, which know no connection.
# Gives whether the last message failed.
sub talk {
    my ($connection, $source, $source_port) = @_;
    my $failed;
    for my $message (1 .. $messages) {
        $failed = converse($connection, sub { begin($connection, $source, $source_port) if $message == 1 });
        last if $failed && ($protocol ne 'udp' || !$connection->{connected});
    }
    return $failed;
}

# The next message of a connection, after what opens it. Gives whether it failed.
sub converse {
    my ($connection, $open) = @_;
    my $message = ++$connection->{messages};
    my %record = (token => "$token-$connection->{number}-$message", status => 0, head => '');
    $deadline = now() + $timeout;
    my $failed = !eval {
        $open->();
        my $last = $message == $messages && !$listener;
        $protocol eq 'tcp' ? ask_http($connection, \%record, $last) : ask($connection, \%record);
        1;
    };
    die $@ if $failed && !ref $@;    # not the network's fault
    report($connection, $message, \%record, $failed ? $@->[0] : 0);
    return $failed;
}

sub fail { die [@_] }

# Seconds since boot, as the wall clock may be set; not by POSIX, which takes half of the program's start to load.
sub now {
    sysseek $uptime, 0, 0;
    sysread $uptime, my $text, 40;
    return (split / /, $text)[0];
}

sub name {
    my ($address, $port) = @_;
    my $packed = inet_pton($family, $address) // die "no address of this family: $address\n";
    return $family == AF_INET ? pack_sockaddr_in($port, $packed) : pack_sockaddr_in6($port, $packed);
}

sub unname {
    my ($port, $packed) = $family == AF_INET ? unpack_sockaddr_in($_[0]) : unpack_sockaddr_in6($_[0]);
    return (inet_ntop($family, $packed), $port);
}

# The address that the kernel takes for this destination: connecting a UDP socket sends nothing.
sub own_address {
    socket(my $probe, $family, SOCK_DGRAM, 0) or die "socket: $!\n";
    connect $probe, $peer or fail(REFUSED);
    return (unname(getsockname $probe))[0];
}

# Bound before it connects, so that the port is known whatever becomes of it, and an SCTP association has one address.
sub begin {
    my ($connection, $source, $source_port) = @_;
    $source = $own_address //= own_address() if $source eq '';
    my ($type, $number) = @{$types{$protocol}};
    socket(my $socket, $family, $type | SOCK_NONBLOCK, $number) or die "$protocol socket: $!\n";
    setsockopt $socket, IPPROTO_IPV6, IPV6_V6ONLY, 1 if $family == AF_INET6;
    # A chosen port may still be in TIME-WAIT.
    setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1 if $protocol eq 'tcp' && $source_port ne '';
    @$connection{qw(socket address port)} = ($socket, $source, $source_port || 0);
    bind $socket, name($source, $source_port || 0) or fail(NO_SOURCE);
    @$connection{qw(address port)} = unname(getsockname $socket);
    if (!connect $socket, $peer) {
        fail($!{ETIMEDOUT} ? TIMED_OUT : REFUSED) if !$!{EINPROGRESS};
        ready($socket, 1) or fail(TIMED_OUT);
        $! = trouble($socket);
        fail($!{ETIMEDOUT} ? TIMED_OUT : REFUSED) if $!;
    }
    $connection->{connected} = 1;
}

# The socket's pending error, which this clears.
sub trouble { return unpack 'i', getsockopt($_[0], SOL_SOCKET, SO_ERROR) }

sub ready {
    my ($socket, $to_write) = @_;
    while ((my $left = $deadline - now()) > 0) {
        vec(my $set = '', fileno($socket), 1) = 1;
        my $found = $to_write ? select(undef, $set, undef, $left) : select($set, undef, undef, $left);
        return 1 if $found > 0;
    }
    return 0;
}

sub put {
    my ($socket, $text) = @_;
    while (1) {
        my $count = send $socket, $text, 0;
        return if defined $count && $count == length $text;
        # A long request may not fit into what the socket holds.
        defined $count || $!{EAGAIN} || $!{EINTR} or fail(NOT_SENT);
        substr $text, 0, $count // 0, '';
        ready($socket, 1) or fail(TIMED_OUT);
    }
}

# The next bytes, a whole datagram over UDP; '' at the end.
sub get {
    my ($socket) = @_;
    while (1) {
        ready($socket, 0) or fail(TIMED_OUT);
        my $count = sysread $socket, my $text, CHUNK;
        return $text if defined $count;
        fail($protocol eq 'udp' ? REFUSED : NOT_RECEIVED) if !$!{EAGAIN} && !$!{EINTR};
    }
}

sub ask_http {
    my ($connection, $record, $last) = @_;
    my $socket = $connection->{socket};
    my $way = $last ? 'close' : 'keep-alive';
    put($socket, "GET $path HTTP/1.1\r\nHost: $host\r\nX-Lvslab-Token: $record->{token}\r\n"
        . filler_lines() . "Connection: $way\r\n\r\n");
    my $text = '';
    until ($text =~ /\r\n\r\n/) {
        my $more = get($socket);
        fail($text eq '' ? EMPTY : CUT) if $more eq '';
        fail(STRANGE) if length($text .= $more) > LONGEST_HEADER + CHUNK;
    }
    my ($header, $body) = split /\r\n\r\n/, $text, 2;
    $header =~ m{^HTTP/1\.[01] (\d{3})\b} or fail(STRANGE);
    $record->{status} = $1;
    $header =~ /^Content-Length: *(\d+)\r?$/mi or fail(STRANGE);
    get_body($socket, $record, $1, $body);
    # The server closes first; when its end is lost, the answer is whole nevertheless.
    eval { 1 while get($socket) ne '' } if $last;
}

# Short lines: a server reads each into a buffer of a few kilobytes.
sub filler_lines {
    my @lengths = ((1000) x int($upload / 1000), $upload % 1000 || ());
    return join '', map { 'X-Lvslab-Filler: ' . 'x' x $_ . "\r\n" } @lengths;
}

sub ask {
    my ($connection, $record) = @_;
    my $socket = $connection->{socket};
    trouble($socket);    # an ICMP error that came after its datagram's time
    put($socket, "lvslab $record->{token} $bytes" . ($upload ? ' ' . 'x' x $upload : '') . "\n");
    while (1) {
        get_body($socket, $record, $protocol eq 'udp' ? 1 : $bytes, '');
        return if $record->{head} =~ /\n\Q$record->{token}\E *\n/;
        $record->{head} = '';
        fail(STRANGE) if $protocol ne 'udp';    # else a late answer to an earlier datagram, which is passed over
    }
}

# Reads until there are so many bytes, and keeps the first ones.
sub get_body {
    my ($socket, $record, $wanted, $text) = @_;
    $record->{head} = substr $text, 0, HEAD;
    my $count = length $text;
    while ($count < $wanted) {
        my $more = get($socket);
        fail($count == 0 && !$record->{status} ? EMPTY : CUT) if $more eq '';
        $record->{head} .= substr $more, 0, HEAD - length $record->{head};
        $count += length $more;
    }
}

sub report {
    my ($connection, $message, $record, $code) = @_;
    my $head = $record->{head} =~ s/([^ !#-\[\]-~])/sprintf '\\u%04x', ord $1/ger;
    printf '{"connection":%d,"message":%d,"token":"%s","exitCode":%d,"status":%d,'
        . qq("localAddress":"%s","localPort":%d,"head":"%s"}\n),
        $connection->{number}, $message, $record->{token}, $code, $record->{status},
        $connection->{address} // '', $connection->{port} // 0, $head;
}

# Closes in an orderly way: all say that they end (FIN, SHUTDOWN), in order; then each is waited for.
sub finish {
    my @sockets = map { delete $_->{socket} } @_;
    $deadline = now() + CLOSING;
    return if $protocol eq 'udp';
    shutdown $_, 1 for @sockets;
    while (my $socket = shift @sockets) {
        if ($protocol eq 'tcp') { eval { 1 while get($socket) ne '' } }
        else { linger($socket) }
    }
}

# An SCTP socket does not show the end of an association that it ended itself, but its close can wait for it.
sub linger {
    my ($socket) = @_;
    my $seconds = int($deadline - now());
    setsockopt $socket, SOL_SOCKET, SO_LINGER, pack 'ii', 1, $seconds > 1 ? $seconds : 1;
    close $socket;
}
