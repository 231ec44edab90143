import {comparison} from '../../src/lab/define.ts';

export default comparison({
  title: 'The four methods side by side, from measured packets',
  claims: ['C1', 'NAT6'],
  of: ['modes/nat', 'modes/dr', 'modes/tun', 'modes/fullnat'],
});
