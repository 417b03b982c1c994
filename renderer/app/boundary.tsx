import { Component, type ReactNode } from 'react';

/** A mistake of ours in drawing: said, with what can be done; nothing of the incident is touched. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <main className="closed" role="alert">
        <h1>This page can’t be drawn</h1>
        <p>{error.message}</p>
        <p className="muted">The host goes on and nothing is lost. Reload the page.</p>
      </main>
    );
  }
}
