/** File name endings of evidence by media type (FORMATS, Bundle). */
const endings: Record<string, string> = {
  'text/plain': 'txt',
  'text/markdown': 'md',
  'text/html': 'html',
  'text/csv': 'csv',
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'application/yaml': 'yaml',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/gzip': 'gz',
  'application/x-asciicast': 'cast',
  'application/vnd.mcap': 'mcap',
  'application/vnd.apache.parquet': 'parquet',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'audio/wav': 'wav',
};

/** The ending for a media type; `bin` for all others. */
export function endingOf(media: string): string {
  return Object.hasOwn(endings, media) ? endings[media]! : 'bin';
}
