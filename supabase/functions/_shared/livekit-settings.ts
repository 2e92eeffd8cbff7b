import { failed } from './refusal.ts';

/** Where the SFU is and what it knows this project by, as the operator has set it. */
export interface LivekitSettings {
  /** `wss://…`, as clients connect to it. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const names = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const;

/** Throws the Refusal `provider_unavailable` where something is missing; the log says what, by its name. */
export function livekitSettings(): LivekitSettings {
  const [url = '', apiKey = '', apiSecret = ''] = names.map((name) => Deno.env.get(name) ?? '');
  const missing = names.filter((name) => !Deno.env.get(name));
  if (missing.length > 0) {
    console.error('not set:', missing.join(', '));
    throw failed(503, 'provider_unavailable');
  }
  if (!/^(ws|http)s?:\/\//.test(url) || !URL.canParse(url)) {
    console.error('LIVEKIT_URL is no address such as wss://sfu.example.com');
    throw failed(503, 'provider_unavailable');
  }
  return { url, apiKey, apiSecret };
}
