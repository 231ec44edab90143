#!/usr/bin/perl
# The guest's end of the only way in and out: many streams over one virtio-serial port (the host's end is mux.ts,
# the frames are described in frames.ts). perl-base only.
#
#   agent.pl [PORT [DOCKER_SOCKET]]      PORT may also be a unix socket (tests)
use strict;
use warnings;
use Errno qw(EAGAIN EINTR);
use Fcntl;
use POSIX qw(:sys_wait_h setsid);
use Socket;

require(($0 =~ m{^(.*/)} ? $1 : './') . 'refresh.pl');

use constant {OPEN => 1, DATA => 2, EOF_ => 3, CLOSE => 4, RESET => 5, WINDOW => 6, HELLO => 7};
use constant {CREDIT => 262_144, GRANT => 65_536, CHUNK => 32_768, HIGH_WATER => 262_144, LONGEST => 65_536};

my $port_path = $ARGV[0] // find_port('lvslab.agent');
my $docker_path = $ARGV[1] // '/run/docker.sock';
my $is_socket = -S $port_path;
my $port = open_port($port_path);
my ($received, $sending, %streams) = ('', '');

$SIG{PIPE} = 'IGNORE';
pipe(my $child_seen, my $child_died) or die "pipe: $!";
no_block($child_seen);
no_block($child_died);
$SIG{CHLD} = sub { syswrite $child_died, '.' };

send_frame(0, HELLO, '');
while (1) {
    my ($readable, $writable) = ('', '');
    vec($readable, fileno($port), 1) = 1;
    vec($readable, fileno($child_seen), 1) = 1;
    vec($writable, fileno($port), 1) = 1 if length $sending;
    for my $stream (values %streams) {
        vec($readable, fileno($stream->{from}), 1) = 1
            if $stream->{from} && $stream->{credit} > 0 && length $sending < HIGH_WATER;
        vec($writable, fileno($stream->{to}), 1) = 1 if $stream->{to} && length $stream->{waiting};
    }
    next if select($readable, $writable, undef, undef) < 0;

    reap() if vec($readable, fileno($child_seen), 1);
    for my $id (keys %streams) {
        my $stream = $streams{$id} or next;
        to_service($id, $stream) if $stream->{to} && vec($writable, fileno($stream->{to}), 1);
        from_service($id, $stream) if $stream->{from} && vec($readable, fileno($stream->{from}), 1);
        finish($id, $stream);
    }
    from_host() if vec($readable, fileno($port), 1);
    to_host() if length $sending;
}

sub find_port {
    my ($wanted) = @_;
    for my $file (glob '/sys/class/virtio-ports/*/name') {
        open my $in, '<', $file or next;
        chomp(my $name = <$in> // '');
        return "/dev/$1" if $name eq $wanted && $file =~ m{/([^/]+)/name$};
    }
    die "no virtio port $wanted\n";
}

sub open_port {
    my ($path) = @_;
    my $handle;
    if ($is_socket) {
        socket($handle, AF_UNIX, SOCK_STREAM, 0) && connect($handle, sockaddr_un($path)) or die "$path: $!";
    } else {
        sysopen($handle, $path, O_RDWR) or die "$path: $!";
    }
    no_block($handle);
    return $handle;
}

# A blocking write to a virtio port spins in the guest's kernel until the host has read, hence never block.
sub no_block {
    my ($handle) = @_;
    fcntl($handle, F_SETFL, fcntl($handle, F_GETFL, 0) | O_NONBLOCK) or die "fcntl: $!";
}

sub again { return $!{EAGAIN} || $!{EINTR} }

sub send_frame {
    my ($id, $type, $bytes) = @_;
    $sending .= pack('N C N', $id, $type, length $bytes) . $bytes;
}

sub to_host {
    my $count = syswrite $port, $sending, CHUNK;
    if (defined $count) { substr($sending, 0, $count, '') }
    elsif (!again()) { host_left() }
}

sub from_host {
    my $count = sysread $port, $received, CHUNK, length $received;
    return if !defined $count && again();
    return host_left() if !$count;
    while (length $received >= 9) {
        my ($id, $type, $length) = unpack 'N C N', $received;
        if ($type < OPEN || $type > HELLO || $length > LONGEST) {    # not a frame: start anew, with the host told
            drop_all();
            $received = '';
            return send_frame(0, HELLO, '');
        }
        last if length $received < 9 + $length;
        my $bytes = substr $received, 9, $length;
        substr($received, 0, 9 + $length, '');
        handle_frame($id, $type, $bytes);
    }
}

# Nobody is connected at the host's end: reads give 0 at once until somebody is. The port has no event to wait for
# in that state (poll says POLLHUP), hence the pause.
sub host_left {
    exit 0 if $is_socket;
    drop_all();
    ($received, $sending) = ('', '');
    select undef, undef, undef, 0.02;
}

sub drop_all { drop($_) for keys %streams }

sub drop {
    my ($id) = @_;
    my $stream = delete $streams{$id} or return;
    kill 'KILL', -$stream->{pid} if $stream->{pid} && !defined $stream->{exit};
}

sub close_stream {
    my ($id, $why) = @_;
    drop($id);
    send_frame($id, CLOSE, $why);
}

sub handle_frame {
    my ($id, $type, $bytes) = @_;
    if ($type == RESET) {
        drop_all();
        $sending = '';
        return send_frame(0, RESET, $bytes);
    }
    return open_stream($id, $bytes) if $type == OPEN;
    my $stream = $streams{$id} or return;    # closed meanwhile
    if ($type == DATA) {
        if ($stream->{to}) { $stream->{waiting} .= $bytes }
        else { granted($id, $stream, length $bytes) }    # nobody will read it: swallowed
    }
    elsif ($type == EOF_) { $stream->{ended} = 1 }
    elsif ($type == WINDOW) { $stream->{credit} += unpack 'N', $bytes }
    elsif ($type == CLOSE) { return drop($id) }
    finish($id, $stream);
}

sub open_stream {
    my ($id, $service) = @_;
    my ($name, $argument) = split / /, $service, 2;
    my $stream = {credit => CREDIT, consumed => 0, waiting => ''};
    my $trouble =
          $name eq 'docker'  ? open_docker($stream)
        : $name eq 'exec'    ? open_exec($stream, $argument)
        : $name eq 'refresh' ? refresh($argument)
        :                      "no service $name";
    return send_frame($id, CLOSE, "error $trouble") if $trouble;
    return send_frame($id, CLOSE, 'exit 0') if $name eq 'refresh';
    $streams{$id} = $stream;
}

sub open_docker {
    my ($stream) = @_;
    socket(my $handle, AF_UNIX, SOCK_STREAM, 0) or return "socket: $!";
    connect($handle, sockaddr_un($docker_path)) or return "connect $docker_path: $!";
    no_block($handle);
    $stream->{from} = $stream->{to} = $handle;
    return;
}

sub open_exec {
    my ($stream, $command) = @_;
    pipe(my $in, my $to) && pipe(my $from, my $out) or return "pipe: $!";
    my $pid = fork // return "fork: $!";
    if (!$pid) {
        setsid();
        $SIG{$_} = 'DEFAULT' for qw(PIPE CHLD);
        open STDIN, '<&', $in and open STDOUT, '>&', $out and open STDERR, '>&', $out and exec '/bin/sh', '-c', $command;
        POSIX::_exit(127);
    }
    no_block($_) for $to, $from;
    @$stream{qw(from to pid)} = ($from, $to, $pid);
    return;
}

# Children whose stream is gone are reaped as well.
sub reap {
    1 while sysread $child_seen, my $drop, 512;
    while ((my $pid = waitpid(-1, WNOHANG)) > 0) {
        my $exit = WIFEXITED($?) ? WEXITSTATUS($?) : 128 + WTERMSIG($?);
        ($_->{pid} // 0) == $pid and $_->{exit} = $exit for values %streams;
    }
}

sub to_service {
    my ($id, $stream) = @_;
    my $count = syswrite $stream->{to}, $stream->{waiting}, CHUNK;
    if (defined $count) { substr($stream->{waiting}, 0, $count, '') }
    elsif (again()) { return }
    else {    # it reads no more
        $count = length $stream->{waiting};
        $stream->{waiting} = '';
        delete $stream->{to};
    }
    granted($id, $stream, $count);
}

sub granted {
    my ($id, $stream, $count) = @_;
    $stream->{consumed} += $count;
    return if $stream->{consumed} < GRANT;
    send_frame($id, WINDOW, pack 'N', $stream->{consumed});
    $stream->{consumed} = 0;
}

sub from_service {
    my ($id, $stream) = @_;
    my $most = $stream->{credit} < CHUNK ? $stream->{credit} : CHUNK;
    my $bytes;
    my $count = sysread $stream->{from}, $bytes, $most;
    return if !defined $count && again();
    if ($count) {
        $stream->{credit} -= $count;
        return send_frame($id, DATA, $bytes);
    }
    delete $stream->{from};
    send_frame($id, EOF_, '');
}

# Passes the host's end of data on when all data is written, and closes the stream when both ways are done.
sub finish {
    my ($id, $stream) = @_;
    return if !$streams{$id};
    if ($stream->{to} && $stream->{ended} && !length $stream->{waiting}) {
        shutdown $stream->{to}, 1 if !$stream->{pid};
        delete $stream->{to};
    }
    if (!$stream->{pid}) {
        close_stream($id, '') if !$stream->{from} && !$stream->{to};
        return;
    }
    close_stream($id, "exit $stream->{exit}") if defined $stream->{exit} && !$stream->{from};
}
