import { GuildhallError } from '../errors.ts';

/**
 * Whether the server has said no, as against: it could not be asked, or only not now. What is refused is not tried again by
 * itself.
 */
export function isRefusal(error: GuildhallError): boolean {
  if (error.code === 'aborted' || error.code === 'invalid_argument') return true;
  // The function's own word that the database is not what it needs: so it is while the two are upgraded.
  if (error.code === 'contract_mismatch') return error.status < 500;
  // Of a channel whose transport was changed.
  if (error.code === 'sfu_required' || error.code === 'mesh_required') return true;
  return error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;
}

/** What is asked of a call that is over, or of joining when the application has left meanwhile. */
export function callEnded(): GuildhallError {
  return new GuildhallError({ code: 'closed', message: 'The call is over.' });
}

/** What ends joining when its signal says so. */
export function joinAborted(signal: AbortSignal): GuildhallError {
  return new GuildhallError({
    code: 'aborted',
    message: 'Joining was aborted.',
    cause: signal.reason,
  });
}

/** The channel's media goes another way than the call was made for. */
export function wrongTransport(transport: string): GuildhallError {
  const isSfu = transport === 'sfu';
  return new GuildhallError({
    code: isSfu ? 'sfu_required' : 'mesh_required',
    message: isSfu
      ? 'Media of this channel goes through an SFU: join it with `sfu: true`, and give its client what `sfuToken` answers.'
      : 'This channel connects its participants to each other: join it with `rtc`.',
    details: { transport },
  });
}
