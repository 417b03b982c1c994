import type { contract } from '../../common/contract/index.ts';
import { mayDo } from '../../common/incident/roles.ts';
import type { Handlers } from '../platform/call.ts';
import type { Terminal } from './index.ts';

/** The handlers of common/contract/terminal.ts. Roles were checked before; only keys need one more look. */
export function createTerminalApi(terminal: Terminal): Handlers<typeof contract.terminal> {
  return {
    open: async ({ cols, rows }, { actor, req }) => ({
      session: await terminal.openShell({ cols, rows, actor, ...(req && { req }) }),
    }),
    attach: async ({ session }, call) => {
      const stream = call.openStream();
      try {
        await terminal.attach(session, stream, mayDo(call.seat.role, 'session.open', false));
      } catch (error) {
        stream.end();
        throw error;
      }
      return { stream: stream.id };
    },
    resize: async ({ session, cols, rows }) => {
      await terminal.resize(session, cols, rows);
      return {};
    },
    close: async ({ session }) => {
      await terminal.closeShell(session);
      return {};
    },
  };
}
