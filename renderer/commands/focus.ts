/** Moves the focus to the next pane in the order of the page (−1: the one before), round its ends. */
export function focusNextPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')];
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const start = current === -1 && step === -1 ? 0 : current;
  const next = panes[(start + step + panes.length) % panes.length];
  if (next) focusPane(next);
}

/** Moves the focus to the pane `id`; `show` brings it to the screen where it is a tab that is not selected. */
export function goToPane(id: string, show: () => void): void {
  const find = () => document.querySelector<HTMLElement>(`[data-pane="${id}"]`);
  const pane = find();
  if (pane) return focusPane(pane);
  show();
  requestAnimationFrame(() => {
    const shown = find();
    if (shown) focusPane(shown);
  });
}

/** A pane says by `data-pane-target` which of its elements takes the keys; without one the pane does. */
function focusPane(pane: HTMLElement): void {
  const target = pane.dataset['paneTarget'];
  const inner = target ? pane.querySelector<HTMLElement>(target) : null;
  (inner ?? pane).focus();
}
