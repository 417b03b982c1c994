/**
 * How a page in the desktop app comes to its two ports. The page asks first, with `window.postMessage(ask, own origin)`;
 * a port posted before anyone listens would be lost. The answer is a window message `ports` from the page's own origin
 * with two MessagePorts: [control, bulk].
 */
export const desktopHandshake = { ask: 'warroom:ask-ports', ports: 'warroom:ports' } as const;

/** The scheme under which the desktop app serves its page: a page that has it asks for ports instead of a socket. */
export const desktopScheme = 'app';
