#!/usr/bin/perl
# Sends whole Ethernet frames as they are, in the order of its input, whose lines are "DEVICE HEX", and says how many.
# perl-base only.
use strict;
use warnings;

use constant {AF_PACKET => 17, SOCK_RAW => 3, SCHED_SETAFFINITY => 203};

# What a veth gets waits in a queue of the processor that sent it: from one processor all of it stays in order.
my $first = pack 'Q', 1;
syscall(SCHED_SETAFFINITY, 0, length $first, $first) == 0 or die "sched_setaffinity: $!\n";
my (%sockets, $sent);
while (my $line = <STDIN>) {
    my ($device, $hex) = split ' ', $line;
    my $socket = $sockets{$device} //= on($device);
    my $frame = pack 'H*', $hex;
    defined send $socket, $frame, 0 or die "send on $device: $!\n";
    $sent++;
}
print "sent $sent\n";

# A packet socket bound to the device (packet(7)); it receives nothing, as its protocol is 0.
sub on {
    my ($device) = @_;
    open my $file, '<', "/sys/class/net/$device/ifindex" or die "$device: $!\n";
    my $index = <$file>;
    socket my $socket, AF_PACKET, SOCK_RAW, 0 or die "socket: $!\n";
    bind $socket, pack 'S n i S C C a8', AF_PACKET, 0, $index, 0, 0, 0, '' or die "bind to $device: $!\n";
    return $socket;
}
