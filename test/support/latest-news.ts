import pg from 'pg';

const LOOK_MS = 5000;

/** How much has happened to any job, looked up every few seconds: a job that waits for another is not stuck while that one gets on. */
export function latestNews(databaseUrl: string): () => Promise<string | undefined> {
  let lookAt = Date.now() + LOOK_MS;
  let news: string | undefined;
  return async () => {
    if (Date.now() < lookAt) return news;
    lookAt = Date.now() + LOOK_MS;
    const client = new pg.Client({ connectionString: databaseUrl });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ n: string }>('SELECT max(n)::text AS n FROM audit_events');
      news = rows[0]?.n;
    } catch {
      // A test may have stopped the database: what was known last still counts.
    } finally {
      await client.end().catch(() => undefined);
    }
    return news;
  };
}
