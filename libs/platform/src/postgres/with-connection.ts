import pg from 'pg';

/**
 * Works on a connection of its own and ends it. A connection that the server ends between two statements (it is told to
 * stop) fails the next statement; without a listener its 'error' event would end the process.
 *
 * @param options the server's, for instance `-c search_path=read_model`
 * @throws what `work` throws, and where the server cannot be reached
 */
export async function withConnection<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
  options?: string,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, ...(options === undefined ? {} : { options }) });
  client.on('error', () => undefined); // told by the next statement
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
