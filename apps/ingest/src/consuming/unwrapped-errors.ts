import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Lets a handler's error through as it is. Nest would give the transport "Internal server error" in its place, which
 * is for callers of requests: a partition's owner must know, and log, what happened.
 */
@Catch()
export class UnwrappedErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
