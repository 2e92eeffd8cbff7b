/**
 * Asks the DNS for every address of a host.
 *
 * @param nameServer another server than the system's
 */
export async function resolveHost(
  host: string,
  signal: AbortSignal,
  nameServer?: { ipAddr: string; port: number },
): Promise<string[]> {
  // With a dot at its end it is the whole name: no search list of the system is tried with it.
  const name = host.endsWith('.') ? host : `${host}.`;
  const options = { signal, ...(nameServer && { nameServer }) };
  const answers = await Promise.all([
    Deno.resolveDns(name, 'A', options).catch(() => []),
    Deno.resolveDns(name, 'AAAA', options).catch(() => []),
  ]);
  return answers.flat();
}
