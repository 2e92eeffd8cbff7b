import { describe, expect, it } from 'vitest';
import { camelCase, methodName, rowTypeName } from './names.ts';

describe('names in the SDK', () => {
  it.each([
    ['send_message', 'messages', 'send'],
    ['list_messages', 'messages', 'list'],
    ['sync_channel', 'messages', 'syncChannel'],
    ['create_community', 'communities', 'create'],
    ['create_channel', 'communities', 'createChannel'],
    ['my_communities', 'communities', 'my'],
    ['list_community_members', 'communities', 'listCommunityMembers'],
    ['explain_access', 'access', 'explain'],
    ['mark_notifications', 'notifications', 'mark'],
    ['start_build', 'builds', 'start'],
    ['messages', 'messages', 'messages'],
    ['my_profile', 'identity', 'myProfile'],
  ])('%s in %s is the method %s', (fn, domain, method) => {
    expect(methodName(fn, domain)).toBe(method);
  });

  it.each([
    ['p_channel_id', 'channelId'],
    ['p_a', 'a'],
    ['p_utf8_2', 'utf82'],
    ['channel_id', 'channelId'],
  ])('%s is the argument %s', (sqlName, name) => {
    expect(camelCase(sqlName)).toBe(name);
  });

  it.each([
    ['public.messages', 'Message'],
    ['public.communities', 'Community'],
    ['public.channel_groups', 'ChannelGroup'],
    ['public.access_classes', 'AccessClass'],
    ['private.channel_access', 'ChannelAccess'],
    ['public.permissions_catalog', 'PermissionsCatalog'],
  ])('%s has rows of the type %s', (table, name) => {
    expect(rowTypeName(table)).toBe(name);
  });
});
