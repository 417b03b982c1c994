import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';

interface BoundaryProps {
  /** What can't be drawn, as the beginning of a sentence. */
  what: string;
  children: ReactNode;
}

/** A mistake of ours in drawing: said, with what can be done; nothing of the incident is touched, and nothing beside it. */
export class Boundary extends Component<BoundaryProps, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <section className="closed" role="alert">
        <h1>{`${this.props.what} can’t be drawn`}</h1>
        <p>{error.message}</p>
        <p className="muted">The host goes on and nothing is lost.</p>
        <Button onClick={() => this.setState({ error: null })}>Try again</Button>
      </section>
    );
  }
}
