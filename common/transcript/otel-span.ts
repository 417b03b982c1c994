/**
 * Spans and log records as their exporters write them: OTLP/JSON (`resourceSpans`, `resourceLogs`; 64-bit integers as
 * strings), or one flat span a line as the console exporters of the SDKs do.
 */
import { isRecord } from '../lib/members.ts';
import { memberOf, stringOf, timeOf } from './parse-line.ts';

type Json = Record<string, unknown>;

export interface OtelEvent {
  name: string;
  at: number | null;
  attributes: Json;
}

export interface OtelSpan {
  name: string;
  trace: string;
  id: string;
  parent: string;
  start: number | null;
  end: number | null;
  attributes: Json;
  isError: boolean;
  statusText: string;
  events: OtelEvent[];
}

const mostSpans = 20_000;
const mostDepth = 32;

/** The spans of one line, in the order of their beginnings; null where it is none of these forms. */
export function spansOf(json: Json): OtelSpan[] | null {
  if (Array.isArray(json['resourceSpans']))
    return inOrder(resourceItems(json, 'resourceSpans', 'scopeSpans', 'spans'));
  if (Array.isArray(json['resourceLogs'])) return logSpans(json);
  if (Array.isArray(json['spans'])) return inOrder(recordsOf(json['spans']).map((span) => spanOf(span, {})));
  const span = isRecord(json['span']) ? json['span'] : json;
  const isSpan = stringOf(span['name']) !== null && idOf(span) !== '';
  if (isSpan) return [spanOf(span, {})];
  return isLog(json) ? [logSpan(json, {})] : null;
}

/** Stable: where times are equal or missing the order of the line stays. */
function inOrder(spans: OtelSpan[]): OtelSpan[] {
  return spans
    .map((span, index) => ({ span, index }))
    .sort((a, b) => (a.span.start ?? 0) - (b.span.start ?? 0) || a.index - b.index)
    .map(({ span }) => span);
}

function resourceItems(json: Json, resources: string, scopes: string, items: string): OtelSpan[] {
  const spans: OtelSpan[] = [];
  for (const resource of recordsOf(json[resources])) {
    const own = isRecord(resource['resource']) ? attributesOf(resource['resource']['attributes']) : {};
    for (const scope of recordsOf(memberOf(resource, scopes, 'instrumentationLibrarySpans')))
      for (const item of recordsOf(scope[items])) {
        if (spans.length >= mostSpans) return spans;
        spans.push(items === 'spans' ? spanOf(item, own) : logSpan(item, own));
      }
  }
  return spans;
}

function spanOf(span: Json, resource: Json): OtelSpan {
  const context = contextOf(span);
  const status = isRecord(span['status']) ? span['status'] : {};
  const code =
    memberOf(status, 'code', 'status_code') ?? memberOf(span, 'status_code', 'statusCode', 'status');
  const parent = memberOf(span, 'parentSpanId', 'parent_span_id', 'parent_id', 'parentId');
  return {
    name: stringOf(span['name']) ?? '',
    trace: stringOf(memberOf(context, 'traceId', 'trace_id')) ?? '',
    id: idOf(span),
    parent: stringOf(parent) ?? '',
    start: timeOf(
      memberOf(span, 'startTimeUnixNano', 'start_time_unix_nano', 'start_time', 'startTime', 'timestamp'),
    ),
    end: timeOf(memberOf(span, 'endTimeUnixNano', 'end_time_unix_nano', 'end_time', 'endTime')),
    attributes: { ...resource, ...flatAttributes(span), ...attributesOf(span['attributes']) },
    isError: code === 2 || /(^|_)ERROR$/i.test(String(code)),
    statusText: stringOf(memberOf(status, 'message', 'description')) ?? '',
    events: recordsOf(span['events']).map(eventOf),
  };
}

const contextOf = (span: Json): Json => [span['context'], span['spanContext']].find(isRecord) ?? span;

function idOf(span: Json): string {
  return stringOf(memberOf(contextOf(span), 'spanId', 'span_id')) ?? stringOf(span['id']) ?? '';
}

function eventOf(event: Json): OtelEvent {
  return {
    name: stringOf(event['name']) ?? '',
    at: timeOf(memberOf(event, 'timeUnixNano', 'timestamp', 'time')),
    attributes: attributesOf(event['attributes']),
  };
}

const isLog = (json: Json) =>
  (memberOf(json, 'eventName', 'event_name') ?? attributesOf(json['attributes'])['event.name']) !== undefined;

/** Log records of one span stand together as its events. */
function logSpans(json: Json): OtelSpan[] {
  const bySpan = new Map<string, OtelSpan>();
  for (const record of resourceItems(json, 'resourceLogs', 'scopeLogs', 'logRecords')) {
    const known = bySpan.get(record.id);
    if (known && record.id !== '') known.events.push(...record.events);
    else bySpan.set(record.id === '' ? `${bySpan.size}` : record.id, record);
  }
  return [...bySpan.values()];
}

/** A log record as a span that has it as its only event. Its body is that event's content. */
function logSpan(record: Json, resource: Json): OtelSpan {
  const attributes = attributesOf(record['attributes']);
  const name = stringOf(memberOf(record, 'eventName', 'event_name') ?? attributes['event.name']) ?? '';
  const body = anyValue(record['body']);
  const at = timeOf(memberOf(record, 'timeUnixNano', 'observedTimeUnixNano', 'timestamp', 'time'));
  const content = isRecord(body) ? body : body === undefined || body === null ? {} : { content: body };
  return {
    name,
    trace: stringOf(memberOf(record, 'traceId', 'trace_id')) ?? '',
    id: stringOf(memberOf(record, 'spanId', 'span_id')) ?? '',
    parent: '',
    start: at,
    end: at,
    attributes: { ...resource, ...attributes },
    isError: false,
    statusText: '',
    events: [{ name, at, attributes: { ...attributes, ...content } }],
  };
}

const recordsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** Attributes as a list of keys and typed values, or as a plain object, which may be nested. */
function attributesOf(value: unknown): Json {
  if (Array.isArray(value))
    return Object.fromEntries(
      recordsOf(value)
        .filter(({ key }) => typeof key === 'string')
        .map(({ key, value: item }) => [key as string, anyValue(item)]),
    );
  return isRecord(value) ? { ...value, ...nestedGenAi(value) } : {};
}

/** Attributes that stand beside the span's own members. */
function flatAttributes(span: Json): Json {
  const entries = Object.entries(span).filter(([name]) => name.includes('.'));
  return { ...Object.fromEntries(entries), ...nestedGenAi(span) };
}

/** `{gen_ai: {operation: {name}}}` as `gen_ai.operation.name`. Values that are objects stay reachable by their own name. */
function nestedGenAi(value: Json): Json {
  const found: Json = {};
  const walk = (at: Json, name: string, depth: number): void => {
    for (const [key, item] of Object.entries(at).slice(0, 256)) {
      found[`${name}.${key}`] = item;
      if (isRecord(item) && depth < 6) walk(item, `${name}.${key}`, depth + 1);
    }
  };
  if (isRecord(value['gen_ai'])) walk(value['gen_ai'], 'gen_ai', 0);
  return found;
}

/** The plain value of an AnyValue of OTLP/JSON; what is none stays as it is. */
export function anyValue(value: unknown, depth = 0): unknown {
  if (!isRecord(value) || depth > mostDepth) return value;
  const [name] = Object.keys(value);
  const item = name === undefined ? undefined : value[name];
  switch (name) {
    case 'stringValue':
    case 'boolValue':
    case 'doubleValue':
    case 'bytesValue':
      return item;
    case 'intValue':
      return typeof item === 'string' && /^-?\d{1,15}$/.test(item) ? Number(item) : item;
    case 'arrayValue':
      return isRecord(item) ? recordsOf(item['values']).map((one) => anyValue(one, depth + 1)) : [];
    case 'kvlistValue':
      return isRecord(item)
        ? Object.fromEntries(
            recordsOf(item['values']).map((one) => [String(one['key']), anyValue(one['value'], depth + 1)]),
          )
        : {};
    default:
      return value;
  }
}
