# What client.pl does with connections that it holds: it comes behind it, in one program.

sub listen_at {
    my ($place) = @_;
    socket(my $listener, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!\n";
    bind $listener, pack_sockaddr_un($place) or die "connections are held at $place already, or cannot be: $!\n";
    listen $listener, 1 or die "listen: $!\n";
    return $listener;
}

# The parent ends, and with it the script; the child keeps the connections until it is told, or dies with the node.
sub wait_for_release {
    return if fork // die "fork: $!\n";
    $SIG{HUP} = 'IGNORE';
    open STDIN, '<', '/dev/null' and open STDOUT, '>', '/dev/null' and open STDERR, '>', '/dev/null' or exit 1;
    while (accept my $teller, $listener) {
        (my ($command, $many), $timeout) = split ' ', <$teller> // '';
        select $teller;
        $| = 1;
        if (!defined $command || $command eq 'release') { release() }
        elsif ($command eq 'ask') { round() for 1 .. $many }
        elsif ($command eq 'chat') { until (called($many)) { round() } }
        print "end\n";
        select STDOUT;
        close $teller;
    }
    exit 1;
}

# One message more on each connection; one that fails is held no longer.
sub round {
    for my $connection (splice @held) {
        $host = $connection->{host};
        if (converse($connection, sub { })) { delete $connection->{socket} }
        else { push @held, $connection }
    }
}

# Whether somebody comes meanwhile, only to say that it is enough.
sub called {
    my ($seconds) = @_;
    vec(my $set = '', fileno($listener), 1) = 1;
    return select($set, undef, undef, $seconds) > 0 && accept my $teller, $listener;
}

sub release {
    unlink $hold;
    finish(@held);
    print "released\n";
    exit 0;
}
