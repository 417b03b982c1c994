/** The bundle's viewer in a real browser, opened as a person opens it: from a file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/system.ts';
import { parseVkey, fingerprint } from '../../common/ledger/vkey.ts';
import { toHex } from '../../common/lib/bytes.ts';
import { nodeCrypto } from '../../main/platform/node/crypto.ts';
import { makeSmallBundle, type SmallBundle } from '../fakes/small-bundle.ts';
import { unpack } from '../fakes/tamper.ts';

const executable = await findChromium();
const args = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
const why = executable ? '' : ' (skipped: no Chromium was found; name one in CHROME_PATH)';

describe.skipIf(!executable)(`the viewer of a bundle${why}`, () => {
  let bundle: SmallBundle;
  let browser: Browser;
  let file = '';
  let exported = { size: 0, root: '' };

  beforeAll(async () => {
    bundle = await makeSmallBundle({ postmortem: true });
    const folder = join(bundle.dataDir, 'out');
    unpack(bundle.zip, folder);
    file = join(folder, 'data', 'viewer.html');
    const size = bundle.ledger.size - 1;
    const checkpoint = bundle.ledger.checkpoints().find((candidate) => candidate.size === size)!;
    exported = { size, root: toHex(checkpoint.root) };
    browser = await chromium.launch({ executablePath: executable!, args });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await bundle?.remove();
  });

  /** Opens the page, waits for its entries, and answers what it complained about or asked for. */
  async function open(path: string, act: (page: Page) => Promise<void>) {
    const page = await browser.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    try {
      await page.goto(pathToFileURL(path).href);
      await act(page);
      return { complaints, requests };
    } finally {
      await page.close();
    }
  }

  it('shows what to compare and every entry, complains of nothing and asks for nothing', async () => {
    const { complaints, requests } = await open(file, async (page) => {
      await page.getByRole('heading', { name: `${exported.size} entries` }).waitFor();
      const text = await page.locator('body').innerText();
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('SEV 4 · A small one');
      expect(text).toContain(exported.root);
      expect(text).toContain(`Checkpoint ${exported.size}`);
      const device = fingerprint(nodeCrypto, parseVkey(nodeCrypto, bundle.trust).publicKey);
      expect(await page.locator('#device').innerText()).toBe(device);
      expect(text).toContain("can't vouch for itself");
      expect(text).not.toMatch(/\bverified\b/i);
      const rows = page.locator('table').last().locator('tr');
      expect(await rows.count()).toBe(exported.size);
      const last = bundle.ledger.range(exported.size - 1, exported.size)[0]!;
      expect(await rows.last().innerText()).toContain(last.head.type);
      expect(await rows.last().innerText()).toContain('the end');
      expect(text).toContain('Rung 1');
      expect(text).toContain('eliminated');
    });
    expect(complaints).toEqual([]);
    expect(requests).toEqual([pathToFileURL(file).href]);
  });

  it('runs no script but its own', async () => {
    const forged = join(bundle.dataDir, 'forged.html');
    const html = readFileSync(file, 'utf8');
    const injected = `<img src="x" onerror="document.title='run'"><script>document.title='run'</script></main>`;
    writeFileSync(
      forged,
      html.replace('</main>', () => injected),
    );
    const { complaints } = await open(forged, async (page) => {
      await page.getByRole('heading', { name: `${exported.size} entries` }).waitFor();
      expect(await page.title()).toBe('War Room bundle');
    });
    expect(complaints.join('\n')).toMatch(/Content Security Policy/);
  });
});
