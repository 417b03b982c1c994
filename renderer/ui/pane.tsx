import type { ReactNode } from 'react';

export interface PaneProps {
  /** Names the pane to F6 and to screen readers. */
  id: string;
  title: string;
  head?: ReactNode;
  children: ReactNode;
  className?: string;
  /** A selector within the pane: what takes the keys when the pane is gone to. */
  target?: string;
}

/** A pane with its head. F6 moves to it; its own controls follow by Tab. */
export function Pane({ id, title, head, children, className, target }: PaneProps) {
  return (
    <section
      className={`pane ${className ?? ''}`}
      data-pane={id}
      data-pane-target={target}
      data-testid={`pane-${id}`}
      aria-label={title}
      tabIndex={-1}
    >
      {head !== undefined && (
        <div className="head">
          <h2>{title}</h2>
          {head}
        </div>
      )}
      {children}
    </section>
  );
}
