import { divisionLabel, divisions, xOf, type Axis } from './time-axis.ts';

/** Labels of the division lines, UTC. */
export function drawRuler(canvas: HTMLCanvasElement, axis: Axis, step: number): void {
  const ratio = window.devicePixelRatio || 1;
  const context = canvas.getContext('2d');
  if (!context) return;
  canvas.width = Math.round(canvas.clientWidth * ratio);
  canvas.height = Math.round(canvas.clientHeight * ratio);
  context.font = `${10.5 * ratio}px "JetBrains Mono", "DejaVu Sans Mono", monospace`;
  context.fillStyle = '#8b94a3';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const edge = 36 * ratio;
  for (const at of divisions(axis, step)) {
    const x = xOf(axis, at);
    if (x > edge && x < canvas.width - edge) context.fillText(divisionLabel(at, step), x, canvas.height / 2);
  }
}
