import { useState } from 'react';

export interface CopyTextProps {
  text: string;
  shown?: string;
  label: string;
  className?: string;
}

/** A short form of a long text; the whole of it on hover, and on the clipboard when pressed. */
export function CopyText({ text, shown = text, label, className }: CopyTextProps) {
  const [state, setState] = useState<'' | 'copied' | 'not copied'>('');
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('not copied'),
    );
  };
  return (
    <button
      type="button"
      className={`pill mono ${className ?? ''}`}
      title={`${label}: ${text} (press to copy)`}
      aria-label={`Copy ${label} ${text}`}
      onClick={copy}
      onBlur={() => setState('')}
    >
      <span className="clip">{shown}</span>
      {state && <span role="status">{state}</span>}
    </button>
  );
}
