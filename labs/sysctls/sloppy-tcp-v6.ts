import {exchange} from '../../src/lab/define.ts';
import sloppy from './sloppy-tcp.ts';

export default exchange({...sloppy.spec, title: `IPv6: ${sloppy.spec.title}`, family: 'v6'});
