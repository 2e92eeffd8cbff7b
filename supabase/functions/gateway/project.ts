import { projectUrl, publishableKey } from '../_shared/project-client.ts';
import { failed } from '../_shared/refusal.ts';

/** What a client may know of the project: its address and its publishable key, which is made to be public. */
export interface ProjectSettings {
  readonly url: string;
  readonly anonKey: string;
}

// Where clients reach the project by another address than its functions do.
const publicUrl = Deno.env.get('GUILDHALL_PUBLIC_URL') || projectUrl;

export const isOverTls = publicUrl.startsWith('https:');

export function projectSettings(): ProjectSettings {
  if (publicUrl === '' || publishableKey === '') throw failed(503, 'provider_unavailable');
  return { url: publicUrl, anonKey: publishableKey };
}
