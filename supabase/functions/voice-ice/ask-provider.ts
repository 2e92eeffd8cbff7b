import { ProviderFailure } from './ice-provider.ts';

/** Ten servers with everything they may have are shorter. */
const MAX_BYTES = 64 * 1024;

/**
 * The JSON that a provider's API answers with, within the time of the signal, body and all. Redirects are not followed: they would
 * carry the operator's key to wherever they point. Throws a ProviderFailure.
 */
export async function askProvider(
  url: URL,
  request: { method: string; authorization: string; body: object; signal: AbortSignal },
): Promise<unknown> {
  const { signal } = request;
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: {
        accept: 'application/json',
        authorization: request.authorization,
        'content-type': 'application/json',
      },
      body: JSON.stringify(request.body),
      redirect: 'manual',
      signal,
    });
    if (!response.ok) {
      // Unread, it would keep the connection.
      await response.body?.cancel();
      throw new ProviderFailure(`the provider answered with status ${response.status}`);
    }
    return parse(await readText(response));
  } catch (cause) {
    if (cause instanceof ProviderFailure) throw cause;
    if (signal.aborted) throw new ProviderFailure('the provider did not answer in time', 'timeout');
    // Its own words may quote the address, in which the key's id stands.
    throw new ProviderFailure('the provider could not be reached');
  }
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) return text + decoder.decode();
    length += chunk.value.length;
    if (length > MAX_BYTES) {
      await reader?.cancel();
      throw new ProviderFailure('the provider answered with more than servers');
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProviderFailure('the provider answered with no JSON');
  }
}
