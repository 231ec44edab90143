#!/usr/bin/perl
# Sends whole Ethernet frames as they are, and waits for frames in the node's captures. Stays, as starting perl takes longer
# than either: reads a request at the pipe FOLDER/ask and writes the answer to FOLDER/answer, one after the other. A request
# is lines, of which all of one kind are done together. perl-base only.
#
#   wire.pl FOLDER CAPTURES
#
#   send DEVICE HEX                   in this order; the answer has "sent" and how many
#   want DEVICE COUNT PATTERN         a regular expression over a frame in hex, of which so many must be there since the
#   within SECONDS                    capture began: "seen" when all are, or "late" with those that are not
use strict;
use warnings;

use constant {AF_PACKET => 17, SOCK_RAW => 3, SCHED_SETAFFINITY => 203};
use constant {FILE_HEADER => 24, RECORD_HEADER => 16, PAUSE => 0.005};

my ($folder, $captures) = @ARGV;
$0 = 'lvslab-wire';
# What a veth gets waits in a queue of the processor that sent it: from one processor all of it stays in order.
my $first = pack 'Q', 1;
syscall(SCHED_SETAFFINITY, 0, length $first, $first) == 0 or die "sched_setaffinity: $!\n";
open my $uptime, '<', '/proc/uptime' or die "/proc/uptime: $!\n";
my (%sockets, %files);
while (1) {
    open my $ask, '<', "$folder/ask" or die "$folder/ask: $!\n";
    my @request = map { [split ' '] } <$ask>;
    close $ask;
    my $answer = eval { serve(@request) } // "failed $@";
    open my $out, '>', "$folder/answer" or die "$folder/answer: $!\n";
    print $out $answer;
    close $out;
}

sub serve {
    my @request = @_;
    my @frames = grep { $_->[0] eq 'send' } @request;
    my @wanted = map { {line => "$_->[1] $_->[3]", device => $_->[1], count => $_->[2], pattern => qr/$_->[3]/} }
        grep { $_->[0] eq 'want' } @request;
    my ($within) = map { $_->[1] } grep { $_->[0] eq 'within' } @request;
    for my $frame (@frames) {
        my ($word, $device, $hex) = @$frame;
        my $socket = $sockets{$device} //= socket_on($device);
        defined send $socket, pack('H*', $hex), 0 or die "send on $device: $!\n";
    }
    my $answer = @frames ? 'sent ' . @frames . "\n" : '';
    return @wanted ? $answer . wait_for($within, @wanted) : $answer;
}

# A packet socket bound to the device (packet(7)); it receives nothing, as its protocol is 0.
sub socket_on {
    my ($device) = @_;
    open my $file, '<', "/sys/class/net/$device/ifindex" or die "$device: $!\n";
    my $index = <$file>;
    socket my $socket, AF_PACKET, SOCK_RAW, 0 or die "socket: $!\n";
    bind $socket, pack 'S n i S C C a8', AF_PACKET, 0, $index, 0, 0, 0, '' or die "bind to $device: $!\n";
    return $socket;
}

sub wait_for {
    my ($within, @wanted) = @_;
    my $deadline = now() + $within;
    until (all_there(@wanted)) {
        return join '', "late\n", map { "$_->{line}\n" } grep { !is_there($_) } @wanted if now() >= $deadline;
        select undef, undef, undef, PAUSE;
    }
    # A capture sees a frame before the node deals with it. Closing a packet socket waits until every processor is done
    # with what it was dealing with (net/packet/af_packet.c, packet_release: synchronize_net).
    socket my $barrier, AF_PACKET, SOCK_RAW, 0 or die "socket: $!\n";
    close $barrier;
    return "seen\n";
}

sub all_there {
    my @wanted = @_;
    read_on($_) for map { $_->{device} } @wanted;
    return !grep { !is_there($_) } @wanted;
}

sub is_there {
    my ($want) = @_;
    return grep({ $_ =~ $want->{pattern} } @{$files{$want->{device}}{frames}}) >= $want->{count};
}

# Adds the frames that have come to a capture since the last time, in hex (pcap-savefile(5), little-endian).
sub read_on {
    my ($device) = @_;
    my $capture = $files{$device} //= {bytes => '', skip => FILE_HEADER, frames => []};
    if (!$capture->{file}) {
        open my $file, '<:raw', "$captures/$device.pcap" or return;
        $capture->{file} = $file;
    }
    # Reads on behind the end of before, once there is more.
    seek $capture->{file}, 0, 1;
    1 while read $capture->{file}, $capture->{bytes}, 65_536, length $capture->{bytes};
    return if length $capture->{bytes} < $capture->{skip};
    substr $capture->{bytes}, 0, $capture->{skip}, '';
    $capture->{skip} = 0;
    while (length $capture->{bytes} >= RECORD_HEADER) {
        my $length = unpack 'x8 V', $capture->{bytes};
        last if length $capture->{bytes} < RECORD_HEADER + $length;
        push @{$capture->{frames}}, unpack 'H*', substr $capture->{bytes}, RECORD_HEADER, $length;
        substr $capture->{bytes}, 0, RECORD_HEADER + $length, '';
    }
}

sub now {
    seek $uptime, 0, 0;
    my ($up) = split ' ', <$uptime>;
    return $up;
}
