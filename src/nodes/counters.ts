const perCpu = '/proc/net/ip_vs_stats_percpu';
const runEstimation = '/proc/sys/net/ipv4/vs/run_estimation';

/** How long counters stay as they are before nothing more is to come: two rounds of the kernel's sums, in 1/100 s. */
const still = 420;
/** The longest wait, in 1/100 s. */
const longest = 1500;

/**
 * What a director says that IPVS counted, by the name of the text. Each processor counts at once
 * (`/proc/net/ip_vs_stats_percpu`), but services and real servers are summed up only every two seconds, each in its own tick
 * (net/netfilter/ipvs/ip_vs_est.c). So they are read until they say what the processors say (`ipvsadm-stats-state` is `equal`),
 * which those that were set up anew never do: else until they stay as they are (`still`), and 15 s at most (`moving`). With
 * `net.ipv4.vs.run_estimation` 0 nobody sums up, and nothing is waited for (`stopped`).
 * `once` reads once, whatever they say (`unknown`).
 */
export const counterTexts = (
  reading: 'settled' | 'once',
  file = perCpu,
  estimation = runEstimation,
): Readonly<Record<string, string>> => ({
  'ip-vs-stats-percpu': `cat ${file}`,
  ...(reading === 'once'
    ? {'ipvsadm-stats': 'ipvsadm -Ln --stats --exact', 'ipvsadm-stats-state': 'echo unknown'}
    : {
        'ipvsadm-stats': settledScript(file, estimation),
        'ipvsadm-stats-state': `printf '%s\\n' "$state"`,
      }),
});

/** Leaves what it came to in `$state`. */
const settledScript = (file: string, estimation: string): string => `counted() {
  total=0
  { read -r _; read -r _
    while read -r cpu conns i o rest; do
      [ "$cpu" != '~' ] || break
      total=$((total + 0x$i + 0x$o))
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
stats= before= state=unknown estimates=1
[ ! -r ${estimation} ] || read -r estimates <${estimation}
now; began=$up changed=$up
while [ -r ${file} ]; do
  counted
  stats=$(ipvsadm -Ln --stats --exact)
  summed
  now
  [ "$stats" = "$before" ] || { before=$stats changed=$up; }
  if [ "$estimates" = 0 ]; then state=stopped; break; fi
  if [ $service = $total ] && [ $server = $total ]; then state=equal; break; fi
  if [ $service != 0 ] && [ $((up - changed)) -ge ${still} ]; then state=still; break; fi
  if [ $((up - began)) -ge ${longest} ]; then state=moving; break; fi
  sleep 0.2
done
printf '%s\\n' "$stats"`;
