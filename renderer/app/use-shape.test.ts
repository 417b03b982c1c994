import { describe, expect, it } from 'vitest';
import { shapeOf } from './use-shape.ts';

describe('how the panes lie', () => {
  it('follows the room there is', () => {
    expect(shapeOf(1440, 900, 100)).toBe('wide');
    expect(shapeOf(1200, 900, 100)).toBe('narrow');
    expect(shapeOf(1024, 700, 100)).toBe('narrow');
    expect(shapeOf(900, 700, 100)).toBe('single');
    expect(shapeOf(1440, 500, 100)).toBe('single');
  });

  it('and larger text takes more of it', () => {
    expect(shapeOf(1440, 900, 125)).toBe('narrow');
    expect(shapeOf(1440, 900, 150)).toBe('narrow');
    expect(shapeOf(1024, 700, 150)).toBe('single');
  });
});
