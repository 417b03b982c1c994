import { utf8 } from '../../../common/lib/bytes.ts';
import { timestamp } from '../../../common/lib/clock.ts';
import type { CheckEvidence } from '../check.ts';
import type { HttpObservation } from './types.ts';

/** Of a body, in evidence. */
const mostBody = 256 * 1024;

/** Requests with their answers, as raw as they came: what a finding about a service rests on. */
export function exchangeEvidence(name: string, seen: readonly HttpObservation[]): CheckEvidence {
  const parts = seen.flatMap((each) => [utf8(`${headOf(each)}\n`), bodyOf(each), utf8('\n\n')]);
  return { name, media: 'text/plain', bytes: new Uint8Array(Buffer.concat(parts)) };
}

function headOf({ url, sent, answer, failure, ...steps }: HttpObservation): string {
  const times = (['dns', 'tcp', 'tls', 'head', 'total'] as const)
    .flatMap((step) => (steps[step] === null ? [] : [`${step} ${steps[step].toFixed(1)} ms`]))
    .join(', ');
  const asked = `GET ${url}\nsent ${timestamp(sent)}; ${times}`;
  if (!answer) return `${asked}\nfailed at ${failure?.phase}: ${failure?.code} ${failure?.message}`;
  const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
  return [asked, `HTTP ${answer.status}`, ...headers, ''].join('\n');
}

function bodyOf({ answer }: HttpObservation): Uint8Array {
  if (!answer) return new Uint8Array();
  const { body, isCut } = answer;
  if (!isCut && body.length <= mostBody) return body;
  return Buffer.concat([body.subarray(0, mostBody), utf8('\n… (there was more)')]);
}
