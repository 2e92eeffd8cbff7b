import { MissingPartition, type ReadRights } from './authorization.ts';
import type { JoinedChannel } from './channel.ts';
import { channelConfig } from './channel-config.ts';
import type { RelayContext } from './context.ts';
import type { ClientMessage } from './protocol.ts';
import { replay } from './replay.ts';
import { type Claims, TokenRefused } from './token.ts';

const topicPrefix = 'realtime:';

/** The join is refused; `reason` goes to the client in the platform's words. */
export class JoinRefused extends Error {
  override name = 'JoinRefused';
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** What a connection says of itself before it joins anything. */
export interface Visitor {
  /** The project key it connected with; it stands in when the client has no access token. */
  key: string;
  headers: Record<string, string>;
}

/** Decides on a `phx_join`. Throws JoinRefused. */
export async function admit(
  context: RelayContext,
  visitor: Visitor,
  message: ClientMessage,
): Promise<JoinedChannel> {
  const name = message.topic.startsWith(topicPrefix) ? message.topic.slice(topicPrefix.length) : '';
  if (name === '') throw new JoinRefused('TopicNameRequired: You must provide a topic name');
  const config = channelConfig(message.payload);
  if (!config.private && !context.allowPublic) {
    throw new JoinRefused('PrivateOnly: This project only allows private channels');
  }
  if (config.postgresChanges.length > 0) {
    throw new JoinRefused(
      'PostgresChangesUnavailable: The local relay carries broadcast and presence only',
    );
  }

  const { access_token: given } = message.payload;
  const token = typeof given === 'string' && given !== '' ? given : visitor.key;
  const caller = { claims: claimsOf(context, token), headers: visitor.headers };
  let rights: ReadRights | null = null;
  if (config.private) {
    rights = await readRights(context, name, caller);
    if (!rights.broadcast) {
      throw new JoinRefused(
        `Unauthorized: You do not have permissions to read from this Channel topic: ${name}`,
      );
    }
  }
  if (config.replay !== null && !config.private) {
    throw new JoinRefused('UnableToReplayMessages: Replay is not allowed for public channels');
  }
  const { database, limits } = context;
  const replayed =
    config.replay === null
      ? []
      : await replay(
          database,
          name,
          config.replay.sinceMs,
          config.replay.limit,
          limits.payloadBytes,
        ).catch((error) => {
          context.log(`could not replay "${name}": ${error}`);
          throw new JoinRefused('UnableToReplayMessages: Realtime was unable to replay messages');
        });
  return { name, joinRef: message.joinRef, config, token, caller, rights, replayed };
}

function claimsOf(context: RelayContext, token: string): Claims {
  try {
    return context.credentials.claimsOf(token);
  } catch (error) {
    if (error instanceof TokenRefused) throw new JoinRefused(`${error.code}: ${error.message}`);
    throw error;
  }
}

async function readRights(
  context: RelayContext,
  name: string,
  caller: JoinedChannel['caller'],
): Promise<ReadRights> {
  try {
    return await context.authorization.mayReceive(name, caller);
  } catch (error) {
    if (error instanceof MissingPartition) {
      throw new JoinRefused(
        'MissingPartition: Realtime was unable to find the expected messages partition',
      );
    }
    context.log(`could not check the rights on "${name}": ${error}`);
    // A policy that raises is a policy that does not allow.
    throw new JoinRefused(
      `Unauthorized: You do not have permissions to read from this Channel topic: ${name}`,
    );
  }
}
