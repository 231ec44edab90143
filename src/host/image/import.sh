#!/bin/sh
# import.sh ROOT CLIENT...: runs the Docker engine of the root tree ROOT, with ROOT as working folder, as long as the command
# CLIENT takes. Expects mount, process, network and cgroup namespaces of its own: nothing outside of ROOT is touched.
set -eu
root=$1
shift
mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mkdir -p dev usr/lib/modules
mount -t proc proc proc
mount -t sysfs sys sys
mount --rbind /dev dev
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs tmp
# The socket lies in ROOT/run: a relative path, as a socket's path has 107 bytes at most.
chroot . dockerd --bridge=none --iptables=false --ip6tables=false --ip-forward=false \
  --storage-driver=overlay2 --log-level=warn >&2 &
engine=$!
"$@" || { code=$?; kill $engine; exit $code; }
kill $engine
wait $engine || true
