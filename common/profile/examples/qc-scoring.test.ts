import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const yaml = readFileSync(new URL('./qc-scoring.yaml', import.meta.url), 'utf8');

it('the shipped profile of the line is at hand where there is no file of it: `npx vitest run FILE -u` writes it anew', async () => {
  expect(yaml).not.toMatch(/`|\$\{/);
  const module = `/** qc-scoring.yaml, for where only code is. */\nexport const qcScoring = String.raw\`${yaml}\`;\n`;
  await expect(module).toMatchFileSnapshot('./qc-scoring.ts');
});
