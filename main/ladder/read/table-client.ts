/** Supabase's own client, for reading a table and nothing else. */
import type { SupabaseClient } from '@supabase/supabase-js';
import type { ProfileTable } from '../../../common/profile/index.ts';
import { boundedFetch } from '../http/bounded-fetch.ts';
import type { HttpAnswer, HttpRequest } from '../http/types.ts';

/** What is known of a schema before it is read. */
interface AnySchema {
  Tables: Record<string, { Row: Row; Insert: Row; Update: Row; Relationships: [] }>;
  Views: Record<never, never>;
  Functions: Record<never, never>;
}
type Row = Record<string, unknown>;
type Client = SupabaseClient<Record<string, AnySchema>, string>;

const fromTable = (client: Client, table: string, send: typeof fetch) => client.from(table, { fetch: send });

/** A table to select from; what is sent goes through `ask`. */
export type TableClient = (
  ask: (request: HttpRequest) => Promise<HttpAnswer | null>,
) => ReturnType<typeof fromTable>;

/** The client can't be made without a key; what stands in place of one is not sent. */
const anyKey = 'none';

/**
 * What asks `table`, each time through the `ask` that it is given: nothing else of the client reaches the network. There is no
 * session, no refresh of keys, no realtime, and no retries beside those of `ask`.
 */
export async function createTableClient(table: ProfileTable, secret: string | null): Promise<TableClient> {
  // Half a megabyte that only a room with tables needs.
  const { createClient } = await import('@supabase/supabase-js');
  const client = createClient<Record<string, AnySchema>, string>(table.url, secret ?? anyKey, {
    db: { schema: table.schema, retry: false },
    // With a token of its own there is no auth client: without one, the key itself is sent.
    accessToken: () => Promise.resolve(null),
    global: { fetch: () => Promise.reject(new TypeError('Only a table is asked here.')) },
  });
  const unsent = [
    ...(secret === null ? ['apikey', 'authorization'] : []),
    // Unless the profile names another, the schema is the one that the REST shows first.
    ...(table.schema === 'public' ? ['accept-profile'] : []),
  ];
  return (ask) =>
    fromTable(
      client,
      table.table,
      boundedFetch((request) => ask(without(unsent, request))),
    );
}

function without(unsent: readonly string[], request: HttpRequest): HttpRequest {
  const headers = Object.entries(request.headers ?? {}).filter(([name]) => !unsent.includes(name));
  return { ...request, headers: Object.fromEntries(headers) };
}
