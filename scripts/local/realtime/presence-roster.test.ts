import { describe, expect, it } from 'vitest';
import { PresenceRoster } from './presence-roster.ts';

describe('PresenceRoster', () => {
  it('says nothing when the same is tracked again', () => {
    const roster = new PresenceRoster();
    const member = {};
    expect(roster.track(member, 'ann', { at: [1] })).not.toBeNull();
    expect(roster.track(member, 'ann', { at: [1] })).toBeNull();
    expect(roster.track(member, 'ann', { at: [2] })).not.toBeNull();
  });

  it('names the entry that a change replaces', () => {
    const roster = new PresenceRoster();
    const member = {};
    const first = roster.track(member, 'ann', { n: 1 })?.joins.ann?.metas[0];
    const change = roster.track(member, 'ann', { n: 2 });
    expect(change?.leaves).toEqual({ ann: { metas: [first] } });
    expect(change?.joins.ann?.metas[0]).toMatchObject({ n: 2, phx_ref_prev: first?.phx_ref });
  });

  it('does not let a member choose its reference', () => {
    const roster = new PresenceRoster();
    const diff = roster.track({}, 'ann', { phx_ref: 'mine' });
    expect(diff?.joins.ann?.metas[0]?.phx_ref).not.toBe('mine');
  });

  it('takes any key as a key', () => {
    const roster = new PresenceRoster();
    roster.track({}, '__proto__', { n: 1 });
    expect(JSON.stringify(roster.state())).toContain('"__proto__":{"metas":[{"n":1');
  });

  it('has nothing to say of a member that was not there', () => {
    expect(new PresenceRoster().untrack({})).toBeNull();
  });
});
