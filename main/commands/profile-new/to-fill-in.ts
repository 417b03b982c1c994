/** What no system says of itself, as remarks to be filled in, at the end of a draft. */
export const toFillIn = `
# TO FILL IN: what the ladder builds on, and no system says of itself. Take the # away and use the names above.
#
# channels:                 # computed from others, or counted
#   - { id: total, unit: g, expression: '[cell-a/weight] + [cell-b/weight]' }
#   - { id: parts, count: { channel: beam/beam, edge: falling } }
#
# layers:                   # the chain that one part passes, in its order
#   - name: first
#     source: { by: channel, channel: count/parts }
#   - name: second
#     source: { by: service, service: NAME, path: /PATH }
#     key: id
#     delay: { least: 0, most: 5 }    # seconds after the first layer
#
# agents:
#   - name: agent
#     transcripts: { format: auto, files: ~/.claude/projects/*/*.jsonl }
#     windowTokens: 200000
#     rules: [Never …]
#
# claims:                   # what the system says of itself, and what shows it
#   - name: count-told
#     text: It says how many there were.
#     says: { by: http, service: NAME, path: /PATH, field: total }
#     shows: { by: table, table: NAME, take: count }
#
# golden:                   # questions whose answers are known
#   - name: known
#     service: NAME
#     path: /PATH/{id}
#     ids: [a, b]
#     fields: [{ field: label, compare: exact }]
#
# fingerprints:             # what a model is made of
#   - name: model
#     parts:
#       weights: { read: { by: file, path: /PATH } }
#       prompt: { read: { by: file, path: /PATH } }
#
# thresholds:
#   answer.p95.ms: { limit: 200, reason: Why it is this and not another number. }
`;
