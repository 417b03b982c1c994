/** The time axis of the scopes as they are drawn now, for commands that act on it. */

/** `width` columns of `dt` microseconds that end before column `end`. */
export interface ShownAxis {
  dt: number;
  end: number;
  width: number;
}

let shown: (() => ShownAxis) | null = null;

/** The scopes are on the screen; answers how they leave it. */
export function showScopeAxis(axis: () => ShownAxis): () => void {
  shown = axis;
  return () => {
    if (shown === axis) shown = null;
  };
}

/** Null while no scopes are on the screen. */
export function scopeAxis(): ShownAxis | null {
  return shown?.() ?? null;
}

/** The last microsecond of a column: what the trace has come to when it leaves that pixel. */
export function timeOfColumn({ dt }: Pick<ShownAxis, 'dt'>, column: number): number {
  return (column + 1) * dt - 1;
}

/** The column of the axis under a share of its width. */
export function columnAt({ end, width }: ShownAxis, share: number): number {
  return end - width + Math.min(width - 1, Math.max(0, Math.floor(share * width)));
}
