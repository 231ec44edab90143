/** Lines of sh that define `late`: whether these seconds have passed by the node's own clock. No fork: it is asked in loops. */
export const lateAfter = (seconds: number): string =>
  [
    'read -r up _ </proc/uptime',
    `end=$((\${up%.*} + ${seconds}))`,
    'late() { read -r up _ </proc/uptime; [ "${up%.*}" -ge "$end" ]; }',
  ].join('\n');
