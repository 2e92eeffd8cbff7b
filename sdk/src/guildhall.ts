import type { SupabaseClient } from '@supabase/supabase-js';
import { type Attachments, createAttachments } from './attachments.ts';
import { type CallerOptions, createCaller } from './call.ts';
import type { ChannelSource } from './channel-source.ts';
import { createDataExports, type DataExports } from './data-exports.ts';
import { contractVersion } from './generated/contract-version.ts';
import { createDomains, type Domains } from './generated/domains.ts';
import type { SendVoiceSignalArgs } from './generated/functions.ts';
import { LiveChannel } from './live-channel.ts';
import type { LiveChannelOptions } from './live-snapshot.ts';
import { topicHubOf } from './topic-hub.ts';
import { sayFarewell } from './voice/farewell.ts';
import { createVoiceCalls, type VoiceCalls } from './voice/voice.ts';
import type { VoiceSource } from './voice/voice-source.ts';

/**
 * A supabase-js client, of whatever database type.
 *
 * Told by its shape and not by its class: `SupabaseClient<Database>` as seen from an ES module, from CommonJS and from
 * another copy of the package are three types to TypeScript, and any of them will do.
 */
export interface GuildhallClient {
  rpc(name: never, parameters: never): PromiseLike<unknown>;
  channel(topic: string, options: { config: { private: boolean } }): object;
  removeChannel(channel: never): Promise<unknown>;
  readonly realtime: { setAuth(): Promise<void> };
}

/** How calls behave and who hears of them. */
export type GuildhallOptions = Omit<CallerOptions, 'contractVersion'>;

/** A community backend: its domains as properties, and live channels. */
export interface Guildhall extends Omit<Domains, 'voice'> {
  /** Voice channels: the functions of the domain, and calls made of them. */
  readonly voice: Domains['voice'] & VoiceCalls;

  /** Files of messages: into the bucket before they are sent, and out of it. */
  readonly attachments: Attachments;

  /** The files that `identity.exportMyData` makes. */
  readonly dataExports: DataExports;

  /**
   * A live view of one channel: ordered, without gaps, optimistic. It does nothing until `open()`.
   *
   * Each call makes a new one; keep it for as long as the channel is shown. Live channels of the same client
   * share their subscriptions.
   *
   * @example
   * const channel = guildhall.channel(channelId);
   * channel.subscribe(() => render(channel.getSnapshot()));
   * await channel.open();
   */
  channel(channelId: string, options?: LiveChannelOptions): LiveChannel;
}

/**
 * Speaks to a Guildhall backend through your own supabase-js client: its address, key and session are used.
 *
 * @example
 * const supabase = createClient(url, publishableKey);
 * const guildhall = createGuildhall(supabase);
 * const community = await guildhall.communities.create({ name: 'Gardeners' });
 */
export function createGuildhall(
  supabase: GuildhallClient,
  options: GuildhallOptions = {},
): Guildhall {
  if (typeof (supabase as Partial<GuildhallClient> | undefined)?.rpc !== 'function') {
    throw new TypeError('createGuildhall takes a supabase-js client.');
  }
  const client = supabase as unknown as SupabaseClient;
  const call = createCaller(client, { ...options, contractVersion });
  const domains = createDomains(call);
  const { messages, voice } = domains;
  const source: ChannelSource = {
    sync: (request, signal) => messages.syncChannel(request, { signal }),
    list: (request, signal) => messages.list(request, { signal }),
    send: (request) => messages.send(request),
  };
  const voiceSource: VoiceSource = {
    get: voice.get,
    openSession: voice.openSession,
    renewSession: voice.renewSession,
    closeSession: voice.closeSession,
    setState: voice.setState,
    sendSignal: (signal, callOptions) =>
      voice.sendSignal(
        { ...signal, payload: signal.payload as SendVoiceSignalArgs['payload'] },
        callOptions,
      ),
    farewell: (place) => sayFarewell(client, place),
  };
  return {
    ...domains,
    voice: { ...voice, ...createVoiceCalls(client, voiceSource, () => topicHubOf(client)) },
    attachments: createAttachments(client),
    dataExports: createDataExports(client),
    channel: (channelId, channelOptions) =>
      new LiveChannel(channelId, source, topicHubOf(client), channelOptions),
  };
}
