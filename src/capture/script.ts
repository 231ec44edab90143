import {lateAfter} from '../nodes/late.ts';
import {quote} from '../quote.ts';

/** Where captures are while they run, in each node. */
export const captureFolder = '/run/lvslab/capture';

/** KiB of kernel buffer for each capture: some 2000 full frames before one is lost. */
const bufferKib = 4096;

/**
 * Starts one tcpdump on each device that has none yet, and waits until each listens or has ended; the script gives 0 even
 * when one did not start, which the end shows. One that a template brought along counts only if it still runs and has
 * listened. `-i any` would lose MACs; -Z root keeps tcpdump from changing users, which it may not do here.
 */
export function startScript(devices: readonly string[], seconds: number): string {
  const files = devices.map(device => ({
    device: quote(device),
    path: quote(`${captureFolder}/${device}`),
  }));
  return [
    `[ -d ${captureFolder} ] || mkdir -p ${captureFolder}`,
    'listens() { while read -r said; do case $said in *"listening on"*) return 0 ;; esac; done <"$1.err"; return 1; }',
    'ended() { read -r pid <"$1.pid"; ! kill -0 "$pid" 2>/dev/null; }',
    ...files.map(
      ({device, path}) =>
        `if [ ! -e ${path}.ready ] || ended ${path}; then
  [ ! -e ${path}.ready ] || rm ${path}.*
  tcpdump -i ${device} -U --immediate-mode -s 0 -n -Z root -B ${bufferKib} --time-stamp-precision=nano -w ${path}.pcap </dev/null >/dev/null 2>${path}.err &
  echo $! >${path}.pid
fi`,
    ),
    lateAfter(seconds),
    `for capture in ${files.map(({path}) => path).join(' ')}; do`,
    '  until listens "$capture"; do',
    '    ! ended "$capture" && ! late || break',
    '    sleep 0.02',
    '  done',
    '  ! listens "$capture" || : >"$capture.ready"',
    'done',
    '',
  ].join('\n');
}

/**
 * Ends the captures, waits until their files are whole (tcpdump has written its last lines and ended), and writes all
 * files to stdout as one tar archive: a process for each file would cost more than the bytes.
 */
export function stopScript(seconds: number): string {
  return [
    `cd ${captureFolder} || exit 1`,
    'for file in *.pid; do read -r pid <"$file"; kill -INT "$pid"; done 2>/dev/null',
    lateAfter(seconds),
    'for file in *.pid; do',
    '  read -r pid <"$file"',
    '  while kill -0 "$pid" 2>/dev/null && ! late; do sleep 0.02; done',
    'done',
    'tar -cf - .',
    '',
  ].join('\n');
}
