import type { ReactNode } from 'react';

export type Tone = 'human' | 'agent' | 'system' | 'ok' | 'warn' | 'bad' | 'run' | 'faint';

export interface PillProps {
  tone?: Tone;
  mono?: boolean;
  title?: string;
  className?: string;
  children: ReactNode;
}

/** One fact of the header, with a dot in the colour of its state or its person. */
export function Pill({ tone, mono, title, className, children }: PillProps) {
  return (
    <span className={`pill${mono ? ' mono' : ''} ${className ?? ''}`} title={title}>
      {tone && <span className="dot" style={{ background: `var(--${tone})` }} aria-hidden />}
      {children}
    </span>
  );
}
