import { z } from 'zod';

/** Sends what a program reports of its sessions to the path below `/api/sessions`. Throws where it is not taken. */
export type Push = (path: string, body: object) => Promise<void>;

const signedIn = z.object({ accessToken: z.string() });

/**
 * Signs in by a one-time link and pushes from then on.
 *
 * @param gateway its address, without a slash at the end
 * @param link its token stands behind `#token=`
 * @throws where the link was used before
 */
export async function pushTo(gateway: string, link: string, signal: AbortSignal): Promise<Push> {
  const post = async (path: string, body: object, bearer?: string): Promise<unknown> => {
    const response = await fetch(`${gateway}/api${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
    return response.json();
  };
  const token = new URLSearchParams(new URL(link).hash.slice(1)).get('token');
  const { accessToken } = signedIn.parse(await post('/auth/sign-in', { token }));
  return async (path, body) => {
    await post(`/sessions${path}`, body, accessToken);
  };
}
