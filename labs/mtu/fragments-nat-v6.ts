import {lab} from '../../src/lab/define.ts';
import fragments from './fragments-nat.ts';

export default lab({...fragments.spec, title: `IPv6: ${fragments.spec.title}`, family: 'v6'});
