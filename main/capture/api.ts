import type { contract } from '../../common/contract/index.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { Call, Handlers } from '../platform/call.ts';
import type { Capture } from './types.ts';
import { valuesAt } from './values-at.ts';
import { openView, type View } from './views.ts';

/** The methods of `capture`. `getCapture` gives the open incident's capture, or throws `not-found`. */
export function createCaptureApi(getCapture: () => Capture): Handlers<typeof contract.capture> {
  /** Stream ids are a link's own, and so are its views. */
  const byLink = new WeakMap<object, Map<number, View>>();

  const viewOf = (call: Call, stream: number): View => {
    const view = byLink.get(call.link)?.get(stream);
    if (!view) throw new WarroomError('not-found', `This link has no view ${stream}.`, 'Open one first.');
    return view;
  };

  return {
    channels: (_, call) => getCapture().channels.watch(call.signal),
    openView: (input, call) => {
      const capture = getCapture();
      const view = openView(capture, input, () => call.openStream());
      const views = byLink.get(call.link) ?? new Map<number, View>();
      byLink.set(call.link, views.set(view.stream, view));
      view.onClose(() => views.delete(view.stream));
      return { stream: view.stream };
    },
    setView: ({ stream, ...view }, call) => {
      viewOf(call, stream).set(view);
      return {};
    },
    closeView: ({ stream }, call) => {
      viewOf(call, stream).close();
      return {};
    },
    valuesAt: ({ channels, at }) => valuesAt(getCapture(), channels, at),
  };
}
