import type { Response } from 'express';

/** Aborted when the client leaves before it has its answer. */
export function leaving(response: Response): AbortSignal {
  const controller = new AbortController();
  const leave = () => {
    if (!response.writableEnded) controller.abort(new ClientLeftError('the client has left'));
  };
  if (response.destroyed)
    leave(); // while it was looked up who asks
  else response.once('close', leave);
  return controller.signal;
}

export class ClientLeftError extends Error {
  override readonly name = 'ClientLeftError';
  /** As where a request breaks off: nobody reads the answer, and it is no fault of ours. */
  readonly status = 499;
}
