const perCpu = '/proc/net/ip_vs_stats_percpu';

/**
 * A script that prints `ipvsadm -Ln --stats --exact` once it says what the kernel has counted. Each processor counts at once
 * (`/proc/net/ip_vs_stats_percpu`), but services and real servers are summed up only every two seconds, each in its own tick
 * (net/netfilter/ipvs/ip_vs_est.c): it waits until the sums are those of all processors, and 4 s at most. Real servers
 * that were taken out are missing for good: for them it waits no longer than one round.
 */
export const countersScript = (file = perCpu): string =>
  `counted() {
  in=0 out=0
  { read -r _; read -r _
    while read -r cpu conns i o rest; do
      [ "$cpu" != '~' ] || break
      in=$((in + 0x$i)) out=$((out + 0x$o))
    done
  } <${file}
}
summed() {
  service=0 server=0
  while read -r kind where conns i o more rest; do
    [ "$conns" != IPv6 ] || { i=$o o=$more; }
    case $i$o in ''|*[!0-9]*) continue ;; esac
    case $kind in '->') server=$((server + i + o)) ;; *) service=$((service + i + o)) ;; esac
  done <<LISTING
$stats
LISTING
}
now() { read -r up _ </proc/uptime; up=\${up%.*}\${up#*.}; }
now; began=$up
while :; do
  [ ! -r ${file} ] || counted
  stats=$(ipvsadm -Ln --stats --exact)
  [ -r ${file} ] || break
  summed
  now; waited=$((up - began))
  if [ $service = $((in + out)) ]; then
    [ $server != $service ] && [ $waited -lt 220 ] || break
  fi
  [ $waited -lt 400 ] || break
  sleep 0.05
done
printf '%s\\n' "$stats"`;
