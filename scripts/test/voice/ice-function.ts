import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { createEdgeFunctions } from '../../local/edge-functions.ts';

interface Backend {
  readonly apiUrl: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  readonly functionsSecret: string;
}

interface Ask {
  readonly token?: string | null;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body?: unknown;
}

/** voice-ice in a process of its own, with an environment of its own, for a test that sets providers. */
export interface IceFunction {
  /** Asks, and looks at what every answer has. */
  ask(options: Ask): Promise<{ status: number; headers: Headers; text: string; json: unknown }>;
  /** Every line that it has printed. */
  readonly printed: readonly string[];
  close(): Promise<void>;
}

/** Starts it with these variables. What must be in no answer and in no line is looked for in each of them. */
export function startIceFunction(
  backend: Backend,
  variables: Readonly<Record<string, string>>,
): IceFunction {
  const printed: string[] = [];
  const functions = createEdgeFunctions({
    ...backend,
    secrets: variables,
    log: (line) => printed.push(line),
  });
  const secrets = [
    backend.secretKey,
    backend.functionsSecret,
    ...Object.entries(variables)
      .filter(([name, value]) => /SECRET|TOKEN|KEY_ID|IDENT$/.test(name) && value !== '')
      .map(([, value]) => value),
  ];
  const expectNoSecret = (told: string) => {
    for (const secret of secrets) expect(told).not.toContain(secret);
  };
  return {
    printed,
    async ask({ token = null, method = 'POST', headers = {}, body }) {
      const requestId = headers['x-request-id'] ?? randomUUID();
      const response = await functions.handle(
        'voice-ice',
        new Request('http://127.0.0.1/functions/v1/voice-ice', {
          method,
          headers: {
            origin: 'https://any.example',
            'x-request-id': requestId,
            ...(token === null ? {} : { authorization: `Bearer ${token}` }),
            ...headers,
          },
          ...(body === undefined
            ? {}
            : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        }),
      );
      const text = await response.text();
      expectNoSecret(text + JSON.stringify([...response.headers]));
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(response.headers.has('access-control-allow-credentials')).toBe(false);
      expect(response.headers.has('set-cookie')).toBe(false);
      const json = text === '' ? null : JSON.parse(text);
      if (response.status !== 200 && response.status !== 204) {
        // Refused: a sentence and a code, and no server of any kind.
        expect(json).toEqual({
          code: expect.stringMatching(/^[a-z_]+$/),
          message: expect.stringMatching(/^\w.*\.$/s),
          request_id: response.headers.get('x-request-id'),
          ...(response.status === 429 ? { retry_after: expect.any(Number) } : {}),
        });
        expect(text).not.toMatch(/iceServers|\bstuns?:|\bturns?:|credential|username/i);
        expect(text).not.toMatch(/\bat .*:\d+|\.ts\b|postgres|PGRST|private\./i);
      }
      return { status: response.status, headers: response.headers, text, json };
    },
    async close() {
      await functions.close();
      expectNoSecret(printed.join('\n'));
      // Nor what it hands out, nor whose token it was.
      expect(printed.join('\n')).not.toMatch(/iceServers|credential|Bearer|eyJ/);
    },
  };
}
