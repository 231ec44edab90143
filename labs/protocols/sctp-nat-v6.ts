import {lab} from '../../src/lab/define.ts';
import sctp from './sctp-nat.ts';

export default lab({...sctp.spec, title: `IPv6: ${sctp.spec.title}`, family: 'v6'});
