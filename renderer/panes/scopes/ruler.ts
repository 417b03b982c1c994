import { divisionLabel, divisions, xOf, type Axis } from './time-axis.ts';

/** Labels of the division lines, UTC, in the size of the canvas' own text. */
export function drawRuler(canvas: HTMLCanvasElement, axis: Axis, step: number): void {
  const ratio = window.devicePixelRatio || 1;
  const context = canvas.getContext('2d');
  if (!context) return;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  const { fontSize } = getComputedStyle(canvas);
  context.font = `${parseFloat(fontSize) * ratio}px "JetBrains Mono", "DejaVu Sans Mono", monospace`;
  context.fillStyle = '#8b94a3';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const times = divisions(axis, step);
  // Larger text: the labels that have room, so that none runs into another.
  const room = context.measureText(divisionLabel(times[0] ?? 0, step)).width;
  const apart = Math.max(1, Math.ceil((room * 1.2 * axis.dt) / step));
  const edge = room / 2 + 2 * ratio;
  for (const at of times) {
    if (Math.round(at / step) % apart !== 0) continue;
    const x = xOf(axis, at);
    if (x > edge && x < canvas.width - edge) context.fillText(divisionLabel(at, step), x, canvas.height / 2);
  }
}
