import type { OpenAPIObject } from '@nestjs/swagger';
import { DescribedAnswers } from './described-answers';

/** Longer answers, and those of unknown length, are streams to whoever asks: their bodies are left alone. */
const longestRead = 2 * 1024 * 1024;

export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** `fetch` that fails where an answer is not as the API describes it. */
export function checkedFetch(url: string, describe: () => OpenAPIObject): Fetch {
  let answers: DescribedAnswers | undefined;
  return async (path, init) => {
    const response = await fetch(`${url}${path}`, init);
    answers ??= new DescribedAnswers(describe());
    answers.check({
      method: init?.method?.toUpperCase() ?? 'GET',
      path: new URL(`${url}${path}`).pathname,
      status: response.status,
      contentType: response.headers.get('content-type'),
      text: await textOf(response),
    });
    return response;
  };
}

async function textOf(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const length = Number(response.headers.get('content-length') ?? NaN);
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/.test(response.headers.get('content-type') ?? '');
  return isJson && length <= longestRead ? response.clone().text() : undefined;
}
