/** Tools that fail, and often look as if they did not. */
import type { Answer, Asked } from '../http-service.ts';
import type { SystemFault } from './types.ts';

/** What nobody but a health probe asks for. */
const isProbe = ({ path }: Asked) => path === '/health' || path === '/metrics';

const html = (title: string): Answer => ({
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: `<!doctype html><title>${title}</title><form method="post"><input name="user"><input name="password" type="password"></form>\n`,
});

export const toolFaults: readonly SystemFault[] = [
  {
    name: 'service-hangs',
    title: 'A service takes requests and answers none',
    rung: 3,
    targets: ['cv', 'llm', 'dashboard', 'table'],
    answer: (answer) => ({ ...answer, hangs: true }),
  },
  {
    name: 'error-in-200',
    title: 'A service answers 200 with an error in it',
    rung: 3,
    targets: ['llm', 'cv', 'dashboard'],
    answer: (answer, asked) =>
      isProbe(asked) ? answer : { body: { error: 'database is locked', detail: null } },
  },
  {
    name: 'login-page',
    title: 'A login page answers in a service’s place',
    rung: 3,
    targets: ['llm', 'cv', 'table'],
    answer: (answer, asked) => (isProbe(asked) ? answer : html('Sign in')),
  },
  {
    name: 'answers-cut',
    title: 'Answers end in the middle',
    rung: 3,
    targets: ['cv', 'llm'],
    answer: (answer, asked) => {
      const text = JSON.stringify(answer.body);
      if (isProbe(asked) || text.length < 200) return answer;
      return {
        ...answer,
        headers: { 'Content-Type': 'application/json' },
        body: text.slice(0, text.length / 2),
      };
    },
  },
  {
    name: 'disk-full',
    title: 'The disk of the scorer is full',
    rung: 3,
    targets: ['llm'],
    score: () => null,
    answer: (answer, { path }) =>
      path === '/health'
        ? { status: 503, body: { detail: "[Errno 28] No space left on device: '/var/lib/qc/scores.db'" } }
        : answer,
  },
  {
    name: 'clock-skew',
    title: 'A machine’s clock is seven minutes behind',
    rung: 3,
    targets: ['cv', 'llm'],
    clock: -420,
  },
  {
    name: 'stale-cache',
    title: 'A cache answers with what was before',
    rung: 3,
    targets: ['cv', 'llm'],
    answer: (answer, asked, before) => {
      if (isProbe(asked)) return answer;
      const { headers, ...kept } = before();
      return { ...kept, headers: { ...headers, Age: String(Math.round(asked.since)), 'X-Cache': 'HIT' } };
    },
  },
  {
    name: 'rows-hidden',
    title: 'A row-level policy hides all rows',
    rung: 3,
    targets: ['table'],
    answer: (answer, { path, request }) =>
      path.startsWith('/rest/')
        ? {
            headers: {
              'Content-Range': /count=exact/.test(String(request.headers.prefer ?? '')) ? '*/0' : '*/*',
            },
            body: [],
          }
        : answer,
  },
  {
    name: 'key-expired',
    title: 'The key of the table has expired',
    rung: 3,
    targets: ['table'],
    answer: (answer, { path }) =>
      path.startsWith('/rest/')
        ? {
            status: 401,
            headers: { 'WWW-Authenticate': 'Bearer error="invalid_token", error_description="JWT expired"' },
            body: { code: 'PGRST303', details: null, hint: null, message: 'JWT expired' },
          }
        : answer,
  },
  {
    name: 'rate-limited',
    title: 'Two requests in three are refused: too many',
    rung: 3,
    targets: ['table', 'llm'],
    answer: (answer, { count }) =>
      count % 3 === 2
        ? answer
        : { status: 429, headers: { 'Retry-After': '30' }, body: { message: 'Too Many Requests' } },
  },
];
