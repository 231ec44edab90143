#!/usr/bin/perl
# Releases the connections that client.pl holds, and says what it says when all are closed. perl-base only.
#
#   hold.pl HOLD
use strict;
use warnings;
use Socket;

socket(my $holder, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
connect $holder, pack_sockaddr_un($ARGV[0]) or die "no connections are held at $ARGV[0]: $!\n";
print while <$holder>;
