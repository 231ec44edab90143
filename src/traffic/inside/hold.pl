#!/usr/bin/perl
# Tells the connections that client.pl holds what to do, and says what it says of it. perl-base only.
#
#   hold.pl HOLD release               closes them, and says "released" when all are closed
#   hold.pl HOLD ask MESSAGES TIMEOUT  so many more messages on each in turn, told as client.pl tells them
#   hold.pl HOLD chat PAUSE TIMEOUT    more messages, a pause after each round, until another one comes and says
#   hold.pl HOLD enough
use strict;
use warnings;
use Socket;

my ($hold, @command) = @ARGV;
$| = 1;
socket(my $holder, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
connect $holder, pack_sockaddr_un($hold) or die "no connections are held at $hold: $!\n";
syswrite $holder, "@command\n";
print while <$holder>;
