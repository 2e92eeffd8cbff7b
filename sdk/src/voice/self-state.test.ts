import { expect, test, vi } from 'vitest';
import { refused } from '../testing/model-voice.ts';
import { SelfState } from './self-state.ts';
import type { VoiceSessionRow } from './voice-source.ts';

const session = (isMuted: boolean, isDeafened: boolean) =>
  ({ is_self_muted: isMuted, is_self_deafened: isDeafened }) as VoiceSessionRow;

/** The state of somebody who is neither, and each change of it on its way, to be answered by the test. */
function telling() {
  const sent: {
    change: object;
    resolve: (session: VoiceSessionRow) => void;
    reject: (error: Error) => void;
  }[] = [];
  const [onTold, onExpired] = [vi.fn(), vi.fn()];
  const state = new SelfState(false, false, {
    onMuted: () => {},
    onDeafened: () => {},
    onChange: () => {},
    send: (change) =>
      new Promise((resolve, reject) => {
        sent.push({ change, resolve, reject });
      }),
    onTold,
    onExpired,
  });
  return { state, sent, onTold, onExpired };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test('changes go to the server one after the other, and nothing else goes meanwhile', async () => {
  const { state, sent, onTold } = telling();
  const changes = [state.setMuted(true), state.setMuted(false)];
  state.reconcile(session(true, false));
  await settle();
  expect(sent.map(({ change }) => change)).toEqual([{ isSelfMuted: true }]);
  sent[0]?.resolve(session(true, false));
  await settle();
  expect(sent.map(({ change }) => change)).toEqual([{ isSelfMuted: true }, { isSelfMuted: false }]);
  sent[1]?.resolve(session(false, false));
  await Promise.all(changes);
  expect(onTold.mock.calls).toEqual([[session(true, false)], [session(false, false)]]);
  state.reconcile(session(false, false));
  await settle();
  expect(sent).toHaveLength(2);
  state.reconcile(session(true, false));
  await settle();
  expect(sent[2]?.change).toEqual({ isSelfMuted: false, isSelfDeafened: false });
});

test('refused, who is deaf hears again', async () => {
  const { state, sent } = telling();
  const change = state.setDeafened(true);
  const refusal = expect(change).rejects.toMatchObject({ code: 'missing_permission' });
  await settle();
  sent[0]?.reject(refused('missing_permission', 403));
  await refusal;
  expect(state.isDeafened).toBe(false);
});

test('an expired session is no refusal: the wish stands for the next one', async () => {
  const { state, sent, onTold, onExpired } = telling();
  const change = state.setDeafened(true);
  await settle();
  sent[0]?.reject(refused('expired', 410));
  await change;
  expect(onExpired).toHaveBeenCalledTimes(1);
  expect(onTold).not.toHaveBeenCalled();
  expect(state.isDeafened).toBe(true);
});
