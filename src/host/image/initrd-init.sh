#!/bin/busybox sh
# First process of the guest: loads what the disks need, mounts the root disk (vda) and the kernel's modules (vdb), and
# hands over to the files that were packed as /lvslab.
b=/bin/busybox

fail() {
  echo "lvslab initrd: $*"
  $b sync
  exec $b poweroff -f
}

$b mount -t devtmpfs dev /dev || fail 'cannot mount /dev'
$b mount -t proc proc /proc || fail 'cannot mount /proc'
for module in /modules/*.ko; do
  [ -e "$module" ] || continue # all built in
  $b insmod "$module" || fail "cannot load $module"
done
for disk in vda vdb; do
  tries=0
  until [ -b /dev/$disk ]; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || fail "there is no disk /dev/$disk"
    $b usleep 50000
  done
done
$b mount -t ext4 -o noatime /dev/vda /root || fail 'cannot mount the root disk'
$b mount -t ext4 -o ro,noatime /dev/vdb /root/usr/lib/modules || fail 'cannot mount the modules'
$b mount -t tmpfs -o mode=755 tmpfs /root/run || fail 'cannot mount /run'
$b cp -a /lvslab /root/run/lvslab || fail 'cannot copy the files of the guest'
$b umount /proc
$b mount -o move /dev /root/dev || fail 'cannot move /dev'
exec $b switch_root /root /run/lvslab/init
