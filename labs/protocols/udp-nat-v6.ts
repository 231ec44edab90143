import {lab} from '../../src/lab/define.ts';
import udp from './udp-nat.ts';

export default lab({...udp.spec, title: `IPv6: ${udp.spec.title}`, family: 'v6'});
