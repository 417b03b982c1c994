import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTickets, createTokens } from './tokens.ts';

describe('tokens', () => {
  const lead = { role: 'lead' } as const;

  it('open the room once, within a minute', () => {
    let now = 0;
    const tokens = createTokens(randomBytes, () => now);
    const token = tokens.mint(lead);
    const session = tokens.redeem(token, () => 'seat');
    expect(tokens.session(session.secret)?.seat).toBe('seat');
    expect(() => tokens.redeem(token, () => 'seat')).toThrow(/used already/);
    expect(() => tokens.redeem('made up', () => 'seat')).toThrow(/not one of this room/);
    const late = tokens.mint(lead);
    now = 61_000;
    expect(() => tokens.redeem(late, () => 'seat')).toThrow(/over 60 seconds/);
    expect(tokens.session('guess')).toBeUndefined();
  });

  it('let a ticket be taken once', () => {
    const tickets = createTickets<string>(randomBytes);
    const ticket = tickets.mint('blob');
    expect(tickets.take(ticket)).toBe('blob');
    expect(tickets.take(ticket)).toBeUndefined();
  });
});
