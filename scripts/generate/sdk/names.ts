/** `p_channel_id`, `_channel_id` and `channel_id` give `channelId`. */
export function camelCase(name: string): string {
  return name
    .replace(/^p?_/, '')
    .replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `list_messages` gives `ListMessages`. */
export function pascalCase(name: string): string {
  const camel = camelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/** The row type of a table: `public.channel_groups` gives `ChannelGroup`. */
export function rowTypeName(table: string): string {
  return pascalCase(singularOf(table.slice(table.indexOf('.') + 1)));
}

/**
 * The method a function becomes in its domain. The domain's own noun at the end says nothing there and is dropped:
 * `send_message` is `guildhall.messages.send`, `create_channel` is `guildhall.communities.createChannel`.
 */
export function methodName(functionName: string, domain: string): string {
  const singular = singularOf(domain);
  for (const noun of [pluralOf(singular), domain, singular]) {
    if (functionName.endsWith(`_${noun}`))
      return camelCase(functionName.slice(0, -noun.length - 1));
  }
  return camelCase(functionName);
}

/** The singular of the last word of a snake_case name. */
function singularOf(noun: string): string {
  if (/[^aeiou]ies$/.test(noun)) return noun.replace(/ies$/, 'y');
  if (/(?:ss|x|ch|sh)es$/.test(noun)) return noun.replace(/es$/, '');
  if (/[^sui]s$/.test(noun)) return noun.replace(/s$/, '');
  return noun;
}

function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return noun.replace(/y$/, 'ies');
  if (/(?:s|x|ch|sh)$/.test(noun)) return `${noun}es`;
  return `${noun}s`;
}
