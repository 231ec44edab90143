/** Where a director's kernel says what it counted, and how. */
const kernelFiles = {
  perCpu: '/proc/net/ip_vs_stats_percpu',
  total: '/proc/net/ip_vs_stats',
  runEstimation: '/proc/sys/net/ipv4/vs/run_estimation',
  /** There since services and servers are summed up by kernel threads (6.2). */
  threads: '/proc/sys/net/ipv4/vs/est_cpulist',
};

/** How long counters stay as they are before nothing more is to come: two rounds of the kernel's sums, in 1/100 s. */
const still = 420;
/** The longest wait, in 1/100 s. */
const longest = 1500;

/**
 * What a director says that IPVS counted, by the name of the text. Each processor counts at once
 * (`/proc/net/ip_vs_stats_percpu`), but services and real servers are summed up only every two seconds
 * (net/netfilter/ipvs/ip_vs_est.c): up to 6.1 all in one pass, the total (`/proc/net/ip_vs_stats`) as the last, since then each in
 * a tick of its own. So they are read until they say what the processors say, or until the total does in a kernel of one pass
 * (`ipvsadm-stats-state` is `equal`). Those that were set up anew never say it: with ticks they are read until they stay as they
 * are (`still`), and 15 s at most (`moving`). With `net.ipv4.vs.run_estimation` 0 nobody sums up, and nothing is waited for
 * (`stopped`). `once` reads once, whatever they say (`unknown`).
 */
export const counterTexts = (
  reading: 'settled' | 'once',
  files: Readonly<typeof kernelFiles> = kernelFiles,
): Readonly<Record<string, string>> => ({
  'ip-vs-stats-percpu': `cat ${files.perCpu}`,
  ...(reading === 'once'
    ? {'ipvsadm-stats': 'ipvsadm -Ln --stats --exact', 'ipvsadm-stats-state': 'echo unknown'}
    : {
        'ipvsadm-stats': settledScript(files),
        'ipvsadm-stats-state': `printf '%s\\n' "$state"`,
      }),
});

/** Leaves what it came to in `$state`. */
const settledScript = ({
  perCpu,
  total,
  runEstimation,
  threads,
}: Readonly<typeof kernelFiles>): string => `counted() {
  processors=0 overall=none
  { read -r _; read -r _
    while read -r cpu conns i o rest; do
      [ "$cpu" != '~' ] || break
      processors=$((processors + 0x$i + 0x$o))
    done
  } <${perCpu}
  [ ! -r ${total} ] || { read -r _; read -r _; read -r conns i o rest; overall=$((0x$i + 0x$o)); } <${total}
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
[ ! -r ${runEstimation} ] || read -r estimates <${runEstimation}
now; began=$up changed=$up
while [ -r ${perCpu} ]; do
  counted
  stats=$(ipvsadm -Ln --stats --exact)
  summed
  now
  [ "$stats" = "$before" ] || { before=$stats changed=$up; }
  if [ "$estimates" = 0 ]; then state=stopped; break; fi
  if [ $overall = $processors ] && [ ! -e ${threads} ]; then state=equal; break; fi
  if [ $service = $processors ] && [ $server = $processors ]; then state=equal; break; fi
  if [ $service != 0 ] && [ $((up - changed)) -ge ${still} ]; then state=still; break; fi
  if [ $((up - began)) -ge ${longest} ]; then state=moving; break; fi
  sleep 0.2
done
printf '%s\\n' "$stats"`;
