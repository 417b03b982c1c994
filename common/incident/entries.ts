/**
 * The closed list of entry types for writers, with the shape of each `data`.
 * Readers keep, hash and show types and fields they do not know.
 */
import { z } from 'zod';
import { roles } from './roles.ts';

const id = z.string().min(1).max(200);
const text = z.string().max(20_000);
const vkey = z.string().min(1).max(400);
/** Microseconds since 1970 on the host's time axis. */
const micros = z.number().int().nonnegative();

export const severity = z.number().int().min(1).max(5);
export const incidentState = z.enum(['declared', 'triage', 'mitigating', 'resolved', 'closed']);
export const decision = z.enum(['eliminated', 'implicated', 'inconclusive']);
export const findingResult = z.enum(['pass', 'warn', 'fail', 'error', 'unknown']);
export const commandQuality = z.enum(['kernel', 'broker', 'shell', 'marked', 'bytes']);
/** How gross a fault of the rig is. `slight`: the least that a technician would want named. */
export const faultSeverity = z.enum(['slight', 'clear', 'severe']);
export const evidenceKind = z.enum(['capture', 'command', 'file', 'note']);

/** One signal of a device, as it is drawn. `step` signals hold their value between samples. */
export const channelInfo = z.object({
  id: id, // "<device>/<column>"
  name: z.string().max(100),
  unit: z.string().max(20),
  kind: z.enum(['linear', 'step']),
});
export type ChannelInfo = z.infer<typeof channelInfo>;

/** A known load on a cell as it was measured: grams; mean and noise of the channel; its distance from the line in grams. */
const calibrationPoint = z.object({
  weight: z.number(),
  mean: z.number(),
  noise: z.number(),
  residual: z.number(),
  samples: z.number().int(),
  spikes: z.number().int(),
  from: micros,
  to: micros,
});

export const entryData = {
  // entry 0, and who is seated: shapes fixed by FORMATS (Keys), never withheld
  'incident.declared': z.object({ incident: vkey, device: vkey, sig: z.string() }),
  'seat.joined': z.object({ seat: id, role: z.enum(roles), vkey, local: z.literal(true).optional() }),
  'seat.left': z.object({ seat: id }),
  'seat.named': z.object({ seat: id, name: z.string().min(1).max(80) }),
  'role.changed': z.object({ seat: id, role: z.enum(roles) }),
  'role.assumed': z.object({ seat: id, role: z.literal('lead'), reason: text }),

  'incident.described': z.object({
    title: z.string().min(1).max(200),
    severity,
    drill: z.boolean(),
    profile: z.object({ name: z.string(), sha256: z.string() }).optional(),
  }),
  'incident.state': z.object({ to: incidentState, reason: text }),
  'host.started': z.object({ version: z.string(), platform: z.string(), node: z.string() }),
  'host.stopped': z.object({ reason: text }),
  'clock.step': z.object({ byMs: z.number() }),

  'device.connected': z.object({
    device: id,
    kind: z.string(),
    name: z.string(),
    link: z.string(), // serial:/dev/ttyACM0, tcp:127.0.0.1:9000
    identity: z.string().optional(), // vid:pid:serial number
    channels: z.array(channelInfo),
  }),
  'device.disconnected': z.object({ device: id, reason: text }),
  /** Its lines told channels that were not known when it was connected. `channels`: all of them by now. */
  'device.channels': z.object({ device: id, channels: z.array(channelInfo).max(32) }),
  /**
   * How the device's own clock runs against the host's, when that is first known and when it changes: at host time `at`
   * its clock stood at `at - offset` (microseconds) and gains `drift` parts per million. `jumpedBy`: by how many
   * microseconds it went ahead at once since the entry before.
   */
  'device.clock': z.object({
    device: id,
    at: micros,
    offset: z.number(),
    drift: z.number(),
    uncertainty: z.number().nonnegative(),
    driftUncertainty: z.number().nonnegative(),
    jumpedBy: z.number().optional(),
  }),
  /** weight = (value of `channel` − offset) / scale. evidence: the window of each point, in their order. */
  'device.calibrated': z.object({
    device: id,
    channel: id,
    offset: z.number(),
    scale: z.number(), // of the channel's unit per gram
    rms: z.number(), // grams
    points: z.array(calibrationPoint).max(50), // the tare first
    says: z.array(text).max(20), // what is odd about it
  }),

  /** A channel that the host computes from others, "math/<name>". Told again: it is another from then on. */
  'capture.derived': channelInfo.extend({ expression: z.string().max(500), stale: z.number() }),
  'capture.removed': z.object({ id }),
  /** The trigger that `by` had set fired; the window [from, to) around `at` on the time axis. */
  'capture.triggered': z.object({
    channel: id.nullable(),
    at: micros,
    from: micros,
    to: micros,
    why: z.string().min(1).max(500),
    by: id,
  }),

  'capture.started': z.object({ capture: id, file: z.string(), channels: z.array(channelInfo) }),
  'capture.closed': z.object({ capture: id, file: z.string() }), // evidence[0]: the whole file
  'capture.exported': z.object({ capture: id, file: z.string() }), // evidence[0]: the part exported so far
  'capture.recovered': z.object({
    capture: id,
    file: z.string(),
    chunksLost: z.number(),
    bytesLost: z.number(),
  }),

  /** A result on a rung (head.rung). `check` is "by-hand" when a person observed it. */
  'check.found': z.object({
    check: id,
    result: findingResult,
    says: z.string().min(1).max(2000),
    rulesOut: z.string().max(2000).optional(),
    next: z.string().max(2000).optional(),
    /** Another check, by its name, whose finding explains why this one can't be told. */
    explainedBy: z.string().max(200).optional(),
  }),
  /** A person ran checks; each finding of theirs has this entry as its cause. `profile`: digest of the one they ran on. */
  'check.started': z.object({
    checks: z.array(z.string().max(200)).min(1).max(500),
    profile: z.string(),
  }),
  /** `started`: the entry above. */
  'check.ended': z.object({
    started: id,
    found: z.number().int().nonnegative(),
    cancelled: z.boolean(),
  }),
  /** From here on the system under watch is described by this profile; its text is the entry's evidence. */
  'incident.profiled': z.object({ name: z.string().min(1).max(100), sha256: z.string() }),
  /**
   * A named fault of a sensor is no longer seen. `finding`: its check.found. It was seen in [from, to), `times` times with pauses
   * between them.
   */
  'check.cleared': z.object({
    finding: id,
    fault: z.string().max(60),
    channel: id,
    from: micros,
    to: micros,
    times: z.number().int().positive(),
  }),
  /** The person's verdict on head.rung. `basis`: ids of findings or evidence entries of that rung. */
  'rung.decided': z.object({
    decision,
    reason: z.string().min(1).max(5000),
    basis: z.array(id).max(200),
  }),
  'rung.reopened': z.object({ reason: z.string().min(1).max(5000) }),

  'session.started': z.object({
    session: id,
    shell: z.string(),
    cols: z.number().int(),
    rows: z.number().int(),
    cwd: z.string(),
    recordsInput: z.boolean(),
  }),
  'session.exported': z.object({ session: id, files: z.array(z.string()) }), // evidence: bytes, timing so far
  'session.ended': z.object({
    session: id,
    exit: z.number().int().nullable(),
    signal: z.string().nullable(),
    files: z.array(z.string()),
  }),
  /** `line` is the accepted command line; `from` the offset of its output in the session's bytes. */
  'command.started': z.object({
    session: id,
    line: text,
    cwd: z.string(),
    quality: commandQuality,
    from: z.number().int(),
  }),
  /** `command`: id of its command.started. Output = bytes [from, to) of the session, `digest` its SHA-256. */
  'command.ended': z.object({
    session: id,
    command: id,
    exit: z.number().int().nullable(),
    from: z.number().int(),
    to: z.number().int(),
    digest: z.string(),
    ms: z.number().nonnegative(),
  }),

  /** `evidence[0]` is the blob (more may follow, e.g. a picture). `of` says what it was made from. */
  'evidence.kept': z.object({
    kind: evidenceKind,
    name: z.string().min(1).max(200),
    note: text.optional(),
    of: z
      .object({
        channels: z.array(id).optional(),
        from: micros.optional(),
        to: micros.optional(),
        /** When the trigger fired that caught the window. */
        at: micros.optional(),
        command: id.optional(),
      })
      .optional(),
  }),
  'note.written': z.object({ text: z.string().min(1).max(20_000) }),

  /** Data known to be missing. `what`: capture, ledger, session, device. */
  'gap.lost': z.object({
    what: z.enum(['capture', 'ledger', 'session', 'device', 'checkpoint']),
    reason: text,
    channels: z.array(id).optional(),
    from: micros.optional(),
    to: micros.optional(),
    kept: z.string().optional(), // where what remains was put aside
    count: z.number().optional(),
  }),

  /** `historySeconds`: how much the rig's devices told of the time before it was started. */
  'drill.started': z.object({
    seed: z.number().int(),
    scenario: z.string(),
    historySeconds: z.number().nonnegative().optional(),
  }),
  /** `severity`: of a fault that has degrees, when it is switched on. */
  'drill.fault': z.object({
    fault: z.string(),
    on: z.boolean(),
    target: z.string().optional(),
    severity: faultSeverity.optional(),
  }),
  'drill.stopped': z.object({ reason: text }),

  'postmortem.drafted': z.object({ template: z.string() }), // evidence: markdown, html
  /** A bundle of checkpoint `size` is begun: this entry has seq `size` and is not inside. `root` in hex. */
  'bundle.exported': z.object({ size: z.number().int(), root: z.string(), name: z.string() }),
  /** What became of it; `export` is the id of its bundle.exported. */
  'bundle.written': z.object({ export: id, bytes: z.number(), sha256: z.string() }),
  'bundle.failed': z.object({ export: id, reason: text }),
} as const;

export type EntryType = keyof typeof entryData;
export type DataOf<T extends EntryType> = z.infer<(typeof entryData)[T]>;

export const entryTypes = Object.keys(entryData) as EntryType[];
