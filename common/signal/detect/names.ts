/** The named faults of a sensor: what each is, and what to look at next with one's hands (SENSORS). */

export const faultNames = [
  'saturated',
  'dout-high',
  'dout-low',
  'replayed',
  'bit-slip',
  'gain-lost',
  'spikes',
  'inverted',
  'drift',
  'half-rate',
  'filtered',
  'mains',
  'beam-stuck',
  'beam-false-edges',
  'beam-blind',
  'beam-bounce',
  'beam-lamps',
  'quiet',
] as const;
export type FaultName = (typeof faultNames)[number];

interface FaultText {
  title: string;
  /** The next physical check. */
  next: string;
  /** What a finding of it rules out. */
  rulesOut: string;
}

const notTheLoad =
  'The values are not the load: whatever was computed from them is not the fault of a layer above.';

export const faultTexts: Record<FaultName, FaultText> = {
  saturated: {
    title: 'Saturated: open bridge wire or overload',
    next: 'Check the wires E+, E−, S+ and S− at both ends, then the cell itself and what rests on it.',
    rulesOut: notTheLoad,
  },
  'dout-high': {
    title: 'DOUT stuck high, or the chip is in power-down',
    next: 'Check the DOUT wire, and that no clock pulse is longer than 60 µs.',
    rulesOut: notTheLoad,
  },
  'dout-low': {
    title: 'DOUT stuck low, or no power',
    next: 'Check the supply of the HX711, then the DOUT wire for a short to ground.',
    rulesOut: notTheLoad,
  },
  replayed: {
    title: 'Replayed by adapter or firmware, not measured',
    next: 'Check what reads the chip: adapter and firmware repeat a value instead of waiting for a new one.',
    rulesOut: notTheLoad,
  },
  'bit-slip': {
    title: 'Bits slip in the read',
    next: 'Check that interrupts are off while the 24 bits are clocked out, and the level shifting of CLK and DOUT.',
    rulesOut: 'Neither cell nor bridge: they cannot make such a number.',
  },
  'gain-lost': {
    title: 'Gain pulses are lost (128 ↔ 64 ↔ 32)',
    next: 'Check the clock line: its length, its pull-up, and what disturbs the last pulses of a read.',
    rulesOut: 'Not the load: it does not halve and double between two samples.',
  },
  spikes: {
    title: 'Isolated spikes: read collision or EMI',
    next: 'Check cable and ground for what switches nearby; a median of 3 hides them until then.',
    rulesOut: 'Not the load: it does not come and go within one sample.',
  },
  inverted: {
    title: 'Signs inverted: A+ and A− swapped',
    next: 'Swap the wires A+ and A− of the cell.',
    rulesOut: 'Not the scale of the calibration: size and slope are right.',
  },
  drift: {
    title: 'Drift: warm-up or creep',
    next: 'Wait 20 minutes after power-on, take the load off, and tare again.',
    rulesOut: 'Not the parts: the reading of the empty scale moves.',
  },
  'half-rate': {
    title: 'Too few samples: the firmware blocks',
    next: 'Check the firmware loop for what waits: delays, displays, a second sensor, averaging.',
    rulesOut: 'Not the chip: its oscillator is not off by that much.',
  },
  filtered: {
    title: 'Filtered at the source: fast faults are hidden',
    next: 'Check the firmware for a moving average or another filter, and switch it off.',
    rulesOut: 'A steady reading is no sign of a healthy cell here.',
  },
  mains: {
    title: 'Pick-up from the mains',
    next: 'Check the shield of the cell’s cable, that it is grounded at one end, and what runs beside it.',
    rulesOut: 'Not vibration of the platform: the frequency is that of the mains.',
  },
  'beam-stuck': {
    title: 'Beam stuck at broken',
    next: 'Check the lens for dirt, the alignment, and the receiver’s output wire for a short to ground.',
    rulesOut: 'The line does not stand still: the count is wrong because the sensor is.',
  },
  'beam-false-edges': {
    title: 'False edges: the beam breaks and no weight follows',
    next: 'Check what passes the beam besides parts (hands, cables, reflections), and the plug of the receiver.',
    rulesOut: 'Not more parts: the scale did not see them.',
  },
  'beam-blind': {
    title: 'Beam blind: weight arrives and the beam does not break',
    next: 'Check that parts still pass between emitter and receiver, and that no light goes around them.',
    rulesOut: 'Not fewer parts: the scale saw them.',
  },
  'beam-bounce': {
    title: 'Edges bounce',
    next: 'Check the receiver’s plug and pull-up, and vibration of its bracket; a hysteresis in firmware hides it.',
    rulesOut: 'Not more parts: nothing passes that fast.',
  },
  'beam-lamps': {
    title: 'Lamps: false edges at twice the mains frequency',
    next: 'Shade the receiver from lamps, or switch the nearest lamp off and look again.',
    rulesOut: 'Not parts: they don’t come at the pace of the mains.',
  },
  quiet: {
    title: 'Gone quiet',
    next: 'Check plug, power and cable of the device, then the program that sends.',
    rulesOut: 'No value of this channel since then says anything.',
  },
};

const flat = ['saturated', 'dout-high', 'dout-low'] as const;

/**
 * Which faults explain another one of the same channel: while one of those is seen, or was within the last seconds, the
 * other is not named. `quiet` explains everything.
 */
export const explainedBy: Record<FaultName, readonly FaultName[]> = {
  quiet: [],
  saturated: [],
  'dout-high': [],
  'dout-low': [],
  replayed: flat,
  'bit-slip': flat,
  'gain-lost': flat,
  inverted: [...flat, 'gain-lost'],
  spikes: [...flat, 'replayed', 'bit-slip', 'gain-lost', 'half-rate'],
  drift: [...flat, 'replayed', 'gain-lost', 'inverted'],
  'half-rate': [...flat, 'replayed'],
  filtered: [...flat, 'replayed', 'half-rate'],
  mains: [...flat, 'replayed', 'half-rate', 'gain-lost', 'spikes', 'bit-slip'],
  'beam-stuck': ['beam-lamps'],
  'beam-lamps': [],
  'beam-bounce': ['beam-lamps'],
  'beam-false-edges': ['beam-lamps', 'beam-bounce', 'beam-stuck'],
  'beam-blind': ['beam-stuck', 'beam-lamps', 'beam-bounce'],
};
