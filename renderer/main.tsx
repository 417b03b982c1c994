import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { Boundary } from './app/boundary.tsx';
import { applyTextSize } from './store/text-size.ts';
import './ui/tokens.css';
import './ui/controls.css';

applyTextSize();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Boundary what="This page">
      <App />
    </Boundary>
  </StrictMode>,
);
