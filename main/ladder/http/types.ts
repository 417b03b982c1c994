/** How far a request came. */
export type HttpPhase = 'url' | 'dns' | 'tcp' | 'tls' | 'answer' | 'body';

/** What was answered, as raw as it came. */
export interface HttpAnswer {
  status: number;
  /** By lowercase name; several of one name are joined by ", ". */
  headers: Record<string, string>;
  body: Uint8Array;
  /** The body was longer than what is taken, and ends here. */
  isCut: boolean;
}

/** One request: when, how long each step took, and what came of it. Exactly one of `answer` and `failure` is there. */
export interface HttpObservation {
  url: string;
  /** Microseconds since 1970 on the host's axis. */
  sent: number;
  /** Milliseconds from the start until each step was done; null: not reached, or not needed. */
  dns: number | null;
  tcp: number | null;
  tls: number | null;
  /** The head of the answer. */
  head: number | null;
  /** All of it, or the failure. */
  total: number;
  answer: HttpAnswer | null;
  failure: { phase: HttpPhase; code: string; message: string } | null;
}

export interface HttpRequest {
  url: string;
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string>;
  /** With POST. */
  body?: string;
  /** For all of it; 3000 unless told. */
  timeoutMs?: number;
  /** Of the body; 4 MiB unless told. */
  mostBytes?: number;
  signal?: AbortSignal;
}

/** Asks once. Never rejects: what goes wrong is what was observed. Redirects are not followed. */
export type AskHttp = (request: HttpRequest) => Promise<HttpObservation>;
