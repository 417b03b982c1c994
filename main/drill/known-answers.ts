/** What the rig's models are made of, and what they answer to known pictures: the same on every rig that is well. */
import { createHash } from 'node:crypto';
import { partLabels } from './api-documents.ts';

export const visionModel = 'rtdetr-s';
export const scorerModel = 'qc-scorer';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What vision is made of, part by part. */
export const visionFingerprint = {
  name: visionModel,
  weights: sha256('rtdetr-s.onnx of the rig'),
  labels: sha256(`${partLabels.join('\n')}\n`),
  preprocessing: sha256('resize 640 × 640, RGB, 0 to 1'),
  runtime: 'TensorRT 10.3',
};

export const scorerFingerprint = {
  model: scorerModel,
  prompt: sha256('Score the part from 0 to 100 by its weight and what vision says of it.'),
};

/** Answers to the known pictures, by their id. */
export const goldenAnswers = {
  'ok-1': { label: 'ok', confidence: 0.931, box: [484, 252, 320, 220], latency_ms: 35.4 },
  'scratch-1': { label: 'scratch', confidence: 0.874, box: [471, 248, 320, 220], latency_ms: 35.9 },
  'dent-1': { label: 'dent', confidence: 0.842, box: [490, 255, 320, 220], latency_ms: 36.2 },
} as const;
