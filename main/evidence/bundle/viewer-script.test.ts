import { gzipSync } from 'node:zlib';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { viewerScript } from './viewer-script.ts';

/** As much of an element as the script uses. Resolves `prepended` with what it puts before the content. */
function createPage(embedded: Record<string, string>) {
  const element = () => ({ textContent: '', className: '', append: () => undefined });
  let prepend: (node: { textContent: string }) => void = () => undefined;
  const prepended = new Promise<{ textContent: string }>((resolve) => (prepend = resolve));
  const document = {
    createElement: element,
    getElementById: () => ({ ...element(), prepend }),
    querySelector: (selector: string) => {
      const path = /data-path="([^"]+)"/.exec(selector)![1]!;
      return path in embedded ? { textContent: embedded[path] } : null;
    },
  };
  return { document, prepended };
}

const packed = (text: string) => gzipSync(text).toString('base64');

describe('the viewer', () => {
  it.each([
    ['what can not be unpacked', { 'ledger.jsonl': Buffer.from('no gzip').toString('base64') }],
    ['what is no JSON', { 'ledger.jsonl': packed('{') }],
    ['what is not there', {}],
  ])('says that it could not show %s', async (_what, embedded) => {
    const { document, prepended } = createPage(embedded);
    runInNewContext(viewerScript, { document, atob, Blob, Response, DecompressionStream, Uint8Array });
    const { textContent } = await prepended;
    expect(textContent).toMatch(
      /^This page could not show all of the bundle.* \(\w*Error.*\)\. Run warroom verify/,
    );
  });
});
