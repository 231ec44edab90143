# Part of agent.pl: what a guest needs after it was restored.
use strict;
use warnings;
use Fcntl;

# After a restore the clock stands where the template was saved, and every copy has the same random state.
# The argument: seconds, nanoseconds, entropy in hex. clock_settime(2); RNDADDENTROPY, RNDRESEEDCRNG: random(4).
sub refresh {
    my ($seconds, $nanoseconds, $entropy) = split / /, $_[0] // '';
    return 'refresh: bad argument' if ($entropy // '') !~ /^(?:[0-9a-f]{2})+$/;
    syscall(227, 0, pack 'q q', $seconds, $nanoseconds) == 0 or return "clock_settime: $!";
    my $bytes = pack 'H*', $entropy;
    sysopen(my $random, '/dev/urandom', O_RDWR) or return "/dev/urandom: $!";
    ioctl($random, 0x40085203, pack('i i', 8 * length $bytes, length $bytes) . $bytes) or return "RNDADDENTROPY: $!";
    ioctl($random, 0x5207, 0) or return "RNDRESEEDCRNG: $!";
    sysopen(my $log, '/dev/kmsg', O_WRONLY) or return "/dev/kmsg: $!";
    syswrite $log, "<6>lvslab: restored\n";
    return;
}

1;
