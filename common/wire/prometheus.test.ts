import { describe, expect, it } from 'vitest';
import { metricValue, parseMetrics } from './prometheus.ts';

/** The example of the format's own description (prometheus.io, Exposition formats), shortened. */
const page = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

rpc_duration_seconds{quantile="0.5"} 4773
rpc_duration_seconds_sum 1.7560473e+07
`;

describe('the text format of metrics', () => {
  it('is read as its description says', () => {
    const metrics = parseMetrics(page);
    expect(metrics.rejected).toBe(0);
    expect(metrics.samples).toHaveLength(7);
    expect(metrics.samples[2]!.labels).toEqual({
      path: 'C:\\DIR\\FILE.TXT',
      error: 'Cannot find file:\n"FILE.TXT"',
    });
    expect(metricValue(metrics, 'http_requests_total', {})).toBe(1030);
    expect(metricValue(metrics, 'http_requests_total', { code: '400' })).toBe(3);
    expect(metricValue(metrics, 'rpc_duration_seconds_sum', {})).toBe(17_560_473);
    expect(metricValue(metrics, 'something_weird', {})).toBeNull();
    expect(metricValue(metrics, 'no_such_metric', {})).toBeNull();
  });

  it('refuses what is none, line by line', () => {
    const bad = ['<html>', 'a{b="c" 1', 'a{b=c} 1', 'a', 'a one', '9a 1', `a{b="${'x'.repeat(9000)}"} 1`];
    const metrics = parseMetrics([...bad, 'good 1'].join('\n'));
    expect(metrics).toEqual({ samples: [{ name: 'good', labels: {}, value: 1 }], rejected: bad.length });
  });
});
