import { describe, expect, it } from 'vitest';
import { shell, told, type Step } from '../../test/fakes/transcript-events.ts';
import { factsOf } from './analysis.ts';
import { createFlipFlops } from './flip-flops.ts';
import { createLoops } from './loops.ts';

const loops = (...steps: Step[]) => factsOf(told(steps), createLoops()).loops.items;
const status = (gives: string) => shell('systemctl status scoring', gives);

describe('a loop', () => {
  it('is the same call that brings the same, three times and more, whatever is called in between', () => {
    const look = shell('ls /srv', 'a');
    expect(loops(status('dead'), look, status('dead'), status('dead'))).toMatchObject([
      {
        tool: 'Bash',
        input: 'systemctl status scoring',
        times: 3,
        others: 1,
        source: { line: 1 },
        lastSource: { line: 4 },
        span: 3_000_000,
        isError: false,
      },
    ]);
    expect(loops(status('dead'), status('dead'))).toEqual([]);
  });

  it('is none where the result changes, the input differs, or a person asks again', () => {
    expect(loops(status('10 %'), status('20 %'), status('30 %'))).toEqual([]);
    expect(loops(shell('ls a'), shell('ls b'), shell('ls c'))).toEqual([]);
    expect(
      loops(status('dead'), { person: 'And now?' }, status('dead'), { person: 'Now?' }, status('dead')),
    ).toEqual([]);
  });

  it('is told once it is over, too', () => {
    expect(
      loops(status('dead'), status('dead'), status('dead'), status('up'), { person: 'ok' }),
    ).toMatchObject([{ times: 3 }]);
  });
});

const flips = (...steps: Step[]) => factsOf(told(steps), createFlipFlops());
const edit = (from: string, to: string, more: object = {}): Step => ({
  call: 'Edit',
  input: { file_path: '/srv/a.yaml', old_string: from, new_string: to },
  ...more,
});
const write = (content: string): Step => ({ call: 'Write', input: { file_path: '/srv/a.yaml', content } });

describe('a flip-flop', () => {
  it('is an edit that is undone and redone', () => {
    const facts = flips(edit('0.5', '0.3'), shell('pytest'), edit('0.3', '0.5'), edit('0.5', '0.3'));
    expect(facts).toMatchObject({ edits: 3, undone: 1 });
    expect(facts.flipFlops.items).toEqual([
      {
        file: '/srv/a.yaml',
        thread: 's',
        steps: 3,
        sources: [
          { line: 1, offset: 0 },
          { line: 3, offset: 200 },
          { line: 4, offset: 300 },
        ],
      },
    ]);
    expect(
      flips(edit('0.5', '0.3'), edit('0.3', '0.5'), edit('0.5', '0.3'), edit('0.3', '0.5')).flipFlops
        .items[0]!.steps,
    ).toBe(4);
  });

  it('is a file that is written to and fro', () => {
    expect(flips(write('a'), write('b'), write('a'), write('b')).flipFlops.items).toMatchObject([
      { steps: 3 },
    ]);
    expect(flips(write('a'), write('b'), write('c'), write('d')).flipFlops.items).toEqual([]);
  });

  it('is seen in lists of edits and in patches', () => {
    const list = (from: string, to: string): Step => ({
      call: 'MultiEdit',
      input: { path: 'a', edits: [{ old_str: from, new_str: to }] },
    });
    const patch = (from: string, to: string): Step => ({
      call: 'apply_patch',
      input: `*** Begin Patch\n*** Update File: a\n@@\n-${from}\n+${to}\n*** End Patch`,
    });
    for (const step of [list, patch])
      expect(flips(step('x', 'y'), step('y', 'x'), step('x', 'y')).flipFlops.items).toMatchObject([
        { file: 'a', steps: 3 },
      ]);
  });

  it('is none where it is undone once, repeated in other places, failed, or of another file', () => {
    expect(flips(edit('0.5', '0.3'), edit('0.3', '0.5'))).toMatchObject({
      undone: 1,
      flipFlops: { count: 0 },
    });
    expect(flips(edit('a', 'b'), edit('a', 'b'), edit('a', 'b'))).toMatchObject({
      undone: 0,
      flipFlops: { count: 0 },
    });
    const failed = edit('0.3', '0.5', { note: { isError: true } });
    expect(flips(edit('0.5', '0.3'), failed, edit('0.5', '0.3')).flipFlops.count).toBe(0);
    const other: Step = {
      call: 'Edit',
      input: { file_path: '/srv/b.yaml', old_string: '0.3', new_string: '0.5' },
    };
    expect(flips(edit('0.5', '0.3'), other, edit('0.5', '0.3')).flipFlops.count).toBe(0);
  });

  it('is none where a person asks for each step', () => {
    const [lower, higher] = [edit('0.5', '0.3'), edit('0.3', '0.5')];
    const ask = (person: string): Step => ({ person });
    const told = [
      ask('Set it to 0.3.'),
      lower,
      ask('Back to 0.5.'),
      higher,
      ask('No, 0.3.'),
      lower,
      ask('Undo that.'),
    ];
    expect(flips(...told, higher).flipFlops.count).toBe(0);
    const go = ask('Still wrong. Go on.');
    expect(flips(go, lower, go, higher, go, lower).flipFlops.count).toBe(1);
    // Named once, it is asked for once.
    expect(flips(ask('Is 0.3 better than 0.5?'), lower, higher, lower, higher, lower).flipFlops.count).toBe(
      1,
    );
  });
});
