import { useEffect } from 'react';

const heldMs = 400;

/** While Alt is held the keys of all controls stand beside them (`data-keys`; shown by app.css). */
export function useKeyTips(): void {
  useEffect(() => {
    const root = document.documentElement;
    let timer = 0;
    const hide = () => {
      clearTimeout(timer);
      root.removeAttribute('data-key-tips');
    };
    const press = (event: KeyboardEvent) => {
      hide();
      if (event.key === 'Alt' && !event.ctrlKey && !event.metaKey)
        timer = window.setTimeout(() => root.setAttribute('data-key-tips', ''), heldMs);
    };
    window.addEventListener('keydown', press);
    window.addEventListener('keyup', hide);
    window.addEventListener('blur', hide);
    return () => {
      hide();
      window.removeEventListener('keydown', press);
      window.removeEventListener('keyup', hide);
      window.removeEventListener('blur', hide);
    };
  }, []);
}
