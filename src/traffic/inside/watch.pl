#!/usr/bin/perl
# Waits until the node's captures have frames: each line of its input is "DEVICE COUNT PATTERN", a regular expression over
# a frame in hex, of which so many must be there since the capture began. Says "seen" and ends when all are, or "late"
# with the lines that are not after SECONDS. perl-base only.
#
#   watch.pl FOLDER SECONDS
use strict;
use warnings;

use constant {AF_PACKET => 17, SOCK_RAW => 3, FILE_HEADER => 24, RECORD_HEADER => 16, PAUSE => 0.01};

my ($folder, $seconds) = @ARGV;
open my $uptime, '<', '/proc/uptime' or die "/proc/uptime: $!\n";
my @wanted = map {
    chomp;
    my ($device, $count, $pattern) = split ' ';
    {line => $_, device => $device, left => $count, pattern => qr/$pattern/};
} <STDIN>;
my %captures = map { $_->{device} => {} } @wanted;
my $deadline = now() + $seconds;
until (all_seen()) {
    if (now() >= $deadline) {
        print "late\n", map { "$_->{line}\n" } grep { $_->{left} > 0 } @wanted;
        exit 0;
    }
    select undef, undef, undef, PAUSE;
}
# A capture sees a frame before the node deals with it. Closing a packet socket waits until every processor is done with
# what it was dealing with (net/packet/af_packet.c, packet_release: synchronize_net).
socket my $barrier, AF_PACKET, SOCK_RAW, 0 or die "socket: $!\n";
close $barrier;
print "seen\n";

sub all_seen {
    for my $device (keys %captures) {
        for my $frame (read_on($captures{$device}, "$folder/$device.pcap")) {
            my $hex = unpack 'H*', $frame;
            $_->{device} eq $device && $hex =~ $_->{pattern} && $_->{left}-- for @wanted;
        }
    }
    return !grep { $_->{left} > 0 } @wanted;
}

# The frames that have come to the file since the last time (pcap-savefile(5), little-endian).
sub read_on {
    my ($capture, $path) = @_;
    if (!$capture->{file}) {
        open $capture->{file}, '<:raw', $path or return;
        $capture->{bytes} = '';
        $capture->{skip} = FILE_HEADER;
    }
    # Reads on behind the end of before, once there is more.
    seek $capture->{file}, 0, 1;
    1 while read $capture->{file}, $capture->{bytes}, 65_536, length $capture->{bytes};
    return if length $capture->{bytes} < $capture->{skip};
    substr $capture->{bytes}, 0, $capture->{skip}, '';
    $capture->{skip} = 0;
    my @frames;
    while (length $capture->{bytes} >= RECORD_HEADER) {
        my $length = unpack 'x8 V', $capture->{bytes};
        last if length $capture->{bytes} < RECORD_HEADER + $length;
        push @frames, substr $capture->{bytes}, RECORD_HEADER, $length;
        substr $capture->{bytes}, 0, RECORD_HEADER + $length, '';
    }
    return @frames;
}

sub now {
    seek $uptime, 0, 0;
    my ($up) = split ' ', <$uptime>;
    return $up;
}
