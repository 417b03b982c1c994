/** How large this viewer reads: a percentage of the browser's own size, kept for the next visit. */

export const textSizes = [100, 110, 125, 150] as const;
export type TextSize = (typeof textSizes)[number];

const key = 'warroom.text-size';
const listeners = new Set<() => void>();
let size = stored();

export const textSize = (): TextSize => size;

/** Answers how to stop listening. */
export function onTextSize(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The next larger (1) or smaller (−1) size, or as the browser has it (0). All text is in rem and follows. */
export function changeTextSize(step: 1 | -1 | 0): void {
  const index = step === 0 ? 0 : textSizes.indexOf(size) + step;
  size = textSizes[Math.min(textSizes.length - 1, Math.max(0, index))]!;
  window.localStorage.setItem(key, String(size));
  applyTextSize();
  for (const listener of [...listeners]) listener();
}

/** Called once when the page starts. */
export function applyTextSize(): void {
  document.documentElement.style.fontSize = `${size}%`;
}

function stored(): TextSize {
  const value = Number(globalThis.localStorage?.getItem(key));
  return textSizes.find((each) => each === value) ?? 100;
}
