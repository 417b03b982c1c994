/**
 * data/viewer.html: the bundle to read in any browser. One file; it embeds what it shows, runs one script known by its
 * hash, and never says "verified" (a forged viewer would too): it shows what to compare.
 */
import { createHash } from 'node:crypto';
import { viewerScript } from './viewer-script.ts';

/** A file of the bundle inside the viewer: gzip in base64, path relative to data/, digest of the file itself. */
export interface Embedded {
  path: string;
  sha256: string;
  gzip: string;
}

const style = `body{margin:0;background:#0d0f12;color:#e7eaee;font:14px/1.5 "DejaVu Sans",system-ui,sans-serif}
main{max-width:980px;margin:0 auto;padding:24px}h1{font-size:20px}h2{font-size:14px;color:#8b94a3;margin-top:28px}
code,time,td.n{font-family:"DejaVu Sans Mono",ui-monospace,monospace;font-size:12px;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #272c35;padding:4px 8px;vertical-align:top}
.box{border:1px solid #e8b34b;border-radius:6px;padding:10px 14px;background:#1d1809}`;

/** The whole page. \`checkpoint.root\` in hex. */
export function viewerText(
  checkpoint: { size: number; root: string },
  embedded: readonly Embedded[],
): string {
  const csp = `default-src 'none'; script-src ${hashOf(viewerScript)}; style-src ${hashOf(style)}`;
  const blocks = embedded
    .map(
      ({ path, sha256, gzip }) =>
        `<script type="application/octet-stream" data-path="${path}" data-sha256="${sha256}">${gzip}</script>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${csp}">
<meta name="viewport" content="width=device-width"><title>War Room bundle</title><style>${style}</style></head>
<body><main><h1 id="title">War Room bundle</h1>
<p class="box">This page can't vouch for itself. Compare the root and the device's fingerprint below with those shown in the
room, or run <code>warroom verify</code> on the bundle.</p>
<p>Checkpoint <code>${checkpoint.size}</code>, root <code>${checkpoint.root}</code><br>Device <code id="device"></code></p>
<div id="content"><noscript>This page needs its script to unpack the ledger.</noscript></div></main>
${blocks}
<script>${viewerScript}</script></body></html>
`;
}

/** As a policy names an inline script or style. */
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
