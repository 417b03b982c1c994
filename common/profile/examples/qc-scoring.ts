/** qc-scoring.yaml, for where only code is. */
export const qcScoring = String.raw`# yaml-language-server: $schema=../profile.schema.json
# The quality-control line: RT-DETR-S on a Jetson Orin Nano, two load cells, a break beam, a scorer and its table.
name: qc-scoring
description: Parts pass a break beam and two load cells; vision labels them, a scorer writes one row per part.

devices:
  - id: cell-a
    name: Load cell A
    kind: load cell on an HX711, 80 samples a second
    dialect: hx711-csv
    link: { by: usb, vendorId: '1a86', productId: '7523', baud: 57600 }
  - id: cell-b
    name: Load cell B
    kind: load cell on an HX711, 80 samples a second
    dialect: hx711-csv
    link: { by: path, path: /dev/ttyUSB1, baud: 57600 }
  - id: beam
    name: IR beam
    kind: break beam, 0 while something is in it
    dialect: beam-events
    link: { by: path, path: /dev/ttyUSB2, baud: 57600 }
    options: { activeLow: true }
  - id: jetson
    name: Jetson Orin Nano
    kind: the computer that vision runs on
    dialect: tegrastats
    link: { by: path, path: /dev/ttyACM0, baud: 115200 }

channels:
  - id: total
    name: Weight on both cells
    unit: g
    expression: '[cell-a/weight] + [cell-b/weight]'
  - id: parts
    name: Parts past the beam
    count: { channel: beam/beam, edge: falling, apart: 0.05 }

services:
  - name: cv
    means: RT-DETR-S behind FastAPI. One answer per part that passed the camera.
    url: http://192.168.55.1:8642
    openapi: /openapi.json
    expectedMs: 80
    startedAt: { path: /health, field: started_at, epoch: iso-8601 }
    answers: { by: poll, path: /detections, items: items, at: at, since: { query: since, field: part } }
    columns:
      - { column: confidence, name: confidence, field: confidence }
      - { column: latency, name: latency, unit: ms, field: latency_ms }
    metrics:
      columns:
        - { column: fps, name: frames, unit: 1/s, metric: cv_frames_per_second }
    paths:
      - path: /detections
        means: a part, as the camera saw it
        rows: items
        key: part
        time: { field: at, epoch: iso-8601 }
        total: total
        since: { query: since, field: part }
        limit: { query: limit, most: 500 }
        fields:
          - { field: latency_ms, unit: ms }
          - { field: 'box[*]', unit: px }
        invariants:
          - 0 <= confidence <= 1
          - label in ["ok", "scratch", "dent", "missing-label"]
          # [x, y, width, height]
          - count(box) = 4 and box[2] > 0 and box[3] > 0
        expectedMs: 80
  - name: llm
    means: The scorer. One score per part that vision labelled.
    url: http://192.168.55.1:8643
    openapi: /openapi.json
    timeoutMs: 10000
    startedAt: { path: /health, field: started_at, epoch: iso-8601 }
    answers: { by: poll, path: /scores, items: items, at: at, since: { query: since, field: part } }
    columns:
      - { column: score, name: score, field: score }
    paths:
      - path: /scores
        means: a part, with its score
        rows: items
        key: part
        time: { field: at, epoch: iso-8601 }
        total: total
        since: { query: since, field: part }
        limit: { query: limit, most: 500 }
        fields:
          - { field: grams, unit: g }
          - { field: latency_ms, unit: ms }
        invariants:
          - 0 <= score <= 100
          - grams > 0
        expectedMs: 300
  - name: dashboard
    means: The Next.js dashboard that the line is run by.
    url: http://192.168.55.1:3000
    health: /
    paths:
      - path: /api/summary
        means: what the dashboard shows
        invariants: [ok <= parts]

tables:
  - name: scores
    url: https://example.supabase.co
    key: { env: SUPABASE_KEY }
    table: scores
    means: a part that was scored
    keyColumn: part
    timeColumn: at
    order: ascending
    fields:
      - { field: grams, unit: g }
      - { field: latency_ms, unit: ms }
    invariants:
      - 0 <= score <= 100
    expectedMs: 400

# One part on its way: what each layer has to have seen of it, and how long after the beam.
layers:
  - name: beam
    means: the part breaks the beam
    source: { by: channel, channel: count/parts }
    allowed: { parts: 1, window: 60 }
  - name: vision
    source: { by: service, service: cv, path: /detections }
    delay: { least: 0.2, most: 2 }
    tells:
      - { what: label, field: label }
  - name: scorer
    source: { by: service, service: llm, path: /scores }
    delay: { least: 0.4, most: 5 }
    tells:
      - { what: label, field: label }
      - { what: score, field: score }
      - { what: weight, field: grams, tolerance: 0.5 }
  - name: table
    source: { by: table, table: scores }
    delay: { least: 0.5, most: 10 }
    tells:
      - { what: label, field: label }
      - { what: score, field: score }
      - { what: weight, field: grams, tolerance: 0.5 }

agents:
  - name: operator
    means: The coding agent that keeps the line running.
    transcripts:
      format: claude-code
      files: ~/.claude/projects/*/*.jsonl
    windowTokens: 200000
    rules:
      - Never restart cv while a part is on the scale.
      - Always read back a score after it was written.
    rulesFrom: [CLAUDE.md, .claude/rules/*.md]

claims:
  - name: every-part-scored
    text: The dashboard says how many parts were scored.
    says: { by: http, service: dashboard, path: /api/summary, field: parts }
    shows: { by: table, table: scores, take: count }
    agree: { how: equal, tolerance: 2 }
  - name: service-restarted
    text: The agent says that it restarted the vision service.
    says:
      by: agent
      agent: operator
      pattern: '(?i)restarted (?:the )?(?:cv|vision)(?: service)? at (?<value>[\d:TZ.-]+)'
    shows: { by: process, pattern: 'uvicorn .*cv' }
    agree: { how: after, slack: 5 }
  - name: alive
    text: The vision service says that it works.
    says: { by: http, service: cv, path: /health, field: status }
    shows:
      by: several
      least: 2
      of:
        - { by: channel, channel: cv/up, take: least, window: 30 }
        - { by: channel, channel: cv/confidence, take: samples, window: 30 }
        - { by: process, pattern: 'uvicorn .*cv', take: count }
    agree: { how: there }

golden:
  - name: known-parts
    means: Pictures whose labels are known, asked of the model by their number.
    service: cv
    path: /golden/{id}
    ids: [ok-1, scratch-1, dent-1]
    fields:
      - { field: label, compare: exact }
      - { field: confidence, compare: near, tolerance: 0.03 }
      - { field: box, compare: box, form: size, overlap: 0.9 }
    latencyRatio: 2
    repeats: 3
    expected:
      ok-1: { label: ok }
      scratch-1: { label: scratch }
      dent-1: { label: dent }

fingerprints:
  - name: vision-model
    means: What RT-DETR-S is made of on this machine.
    parts:
      weights: { read: { by: file, path: /opt/qc/models/rtdetr-s.onnx } }
      labels: { read: { by: file, path: /opt/qc/models/labels.txt } }
      preprocessing: { read: { by: file, path: /opt/qc/cv/preprocess.py } }
      runtime:
        read: { by: command, run: [trtexec, --version], pattern: 'TensorRT v(?<value>\d+)' }
      name: { read: { by: http, service: cv, path: /health, field: model }, expected: rtdetr-s }
  - name: scorer
    parts:
      model: { read: { by: http, service: llm, path: /health, field: model }, expected: qc-scorer }
      prompt: { read: { by: file, path: /opt/qc/llm/prompt.md } }

thresholds:
  cell.rate.min:
    limit: 70
    reason: HX711 at 80 samples/s; below 70 the firmware loop blocks.
  cell.quiet.seconds:
    limit: 2
    reason: Two seconds without a line is 160 lines lost.
  cv.p95.ms:
    limit: 200
    reason: A part is in front of the camera for 250 ms.
`;
