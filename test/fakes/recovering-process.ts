/** Tells that it begins, then makes the capture whole that its argument names. */
import { recoverCapture } from '../../main/capture/index.ts';

process.send?.('begun');
await recoverCapture(process.argv[2]!);
process.disconnect?.();
