import { expect, test } from 'vitest';
import { RateMeter } from './rate-meter.ts';

/** Adds samples at `rate` a second from one second to another. */
function run(meter: RateMeter, rate: number, from: number, to: number): void {
  for (let t = from; t < to; t += 1 / rate) meter.add(t * 1e6);
}

test('the usual rate is that which three seconds and those after them have', () => {
  const meter = new RateMeter();
  run(meter, 80, 0, 5);
  expect(meter.usual).toBeNaN();
  run(meter, 80, 5, 10);
  expect(meter.usual).toBeCloseTo(80, 0);
});

test('what waited in a port and comes in a burst is not the usual rate', () => {
  const meter = new RateMeter();
  run(meter, 145, 0, 4);
  run(meter, 80, 4, 20);
  expect(meter.usual).toBeCloseTo(80, 0);
});

test('a rate that was learned stays when samples are missing for seconds', () => {
  const meter = new RateMeter();
  run(meter, 80, 0, 20);
  run(meter, 40, 20, 40);
  expect(meter.usual).toBeCloseTo(80, 0);
});
