import type { ButtonHTMLAttributes } from 'react';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'plain' | 'primary' | 'go';
  small?: boolean;
  /** Why it can't be pressed now: it stays reachable and says so, and does nothing. */
  whyNot?: string | null | undefined;
}

/** A button that says what it does. One that can't be pressed keeps its place and gives its reason. */
export function Button({ look = 'plain', small, whyNot, className, onClick, ...rest }: ButtonProps) {
  const classes = ['btn', look === 'plain' ? '' : look, small ? 'small' : '', className ?? ''];
  return (
    <button
      type="button"
      {...rest}
      className={classes.filter(Boolean).join(' ')}
      aria-disabled={whyNot ? true : undefined}
      title={whyNot ?? rest.title}
      onClick={whyNot ? (event) => event.preventDefault() : onClick}
    />
  );
}
