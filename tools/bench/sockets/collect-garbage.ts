import { z } from 'zod';

const targetsSchema = z.array(z.object({ webSocketDebuggerUrl: z.string() })).min(1);

/**
 * Has a Node process collect its garbage, so that its memory is what it holds. It must have been started with
 * `--inspect-port` and this port: the signal opens it.
 */
export async function collectGarbage(pid: number, port: number): Promise<void> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await debuggerUrl(port));
  await new Promise<void>((done, fail) => {
    socket.onopen = () => done();
    socket.onerror = () => fail(new Error(`process ${pid} cannot be inspected`));
  });
  for (let id = 1; id <= 2; id++) {
    const answered = new Promise<void>((done) => (socket.onmessage = () => done()));
    socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
    await answered;
  }
  socket.close();
}

async function debuggerUrl(port: number): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/json`);
      return targetsSchema.parse(await answer.json())[0]?.webSocketDebuggerUrl ?? '';
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((done) => setTimeout(done, 100)); // it opens a moment after the signal
    }
  }
}
