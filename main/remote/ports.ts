import { RPCHandler } from '@orpc/server/message-port';
import { messageOf } from '../../common/lib/errors.ts';
import type { BulkStream } from '../platform/call.ts';
import type { ElectronPort } from '../platform/electron/messages.ts';
import { createBulkLink } from './bulk-link.ts';
import { buildRouter, type AllHandlers, type Caller } from './router.ts';

/** Serves the contract on pairs of ports: a desktop page's control and bulk planes. */
export function createPortPlanes(handlers: AllHandlers, log: (message: string, error?: unknown) => void) {
  const rpc = new RPCHandler<{ caller: Caller }>(buildRouter(handlers, log));
  return {
    /** `onClose` is called once, when the page is gone. */
    serve(
      control: ElectronPort,
      bulk: ElectronPort,
      callerOf: (openStream: () => BulkStream) => Caller,
      onClose: () => void,
    ): void {
      const link = createBulkLink({
        send: (bytes) => bulk.postMessage(bytes),
        close: (reason) => {
          log(`A page's bulk link was closed: ${reason}`);
          bulk.close();
          control.close();
        },
      });
      bulk.on('message', ({ data }) => {
        if (data instanceof Uint8Array) link.receive(data);
        else if (data instanceof ArrayBuffer) link.receive(new Uint8Array(data));
        else log(`A page sent no bytes on its bulk link: ${messageOf(data)}`);
      });
      bulk.on('close', () => link.lost());
      control.on('close', onClose);
      rpc.upgrade(control, { context: { caller: callerOf(() => link.openStream()) } });
      bulk.start();
      control.start();
    },
  };
}
