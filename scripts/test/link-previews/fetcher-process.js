// What Deno runs for the tests of the fetcher: it fetches what it is told on standard input, a JSON text a line, and answers
// in the same way. Names lead where the line says, and nothing is connected to but the addresses and ports that it allows;
// what it leaves out is as the Edge Function has it.
import { fetchPreview } from '../../../supabase/functions/link-previews/fetch-preview.ts';
import { publicInternet } from '../../../supabase/functions/link-previews/network.ts';
import { resolveHost } from '../../../supabase/functions/link-previews/resolve-host.ts';

async function answer({ id, url, hosts, addresses, ports, nameServer }) {
  const asked = [];
  const network = {
    resolve(host, signal) {
      asked.push(host);
      if (nameServer !== undefined) return resolveHost(host, signal, nameServer);
      if (hosts === undefined) return publicInternet.resolve(host, signal);
      // Each time the next answer, and the last one ever after.
      const answers = hosts[host] ?? [[]];
      const time = asked.filter((name) => name === host).length;
      return Promise.resolve(answers[Math.min(time, answers.length) - 1]);
    },
    isAllowedAddress: (address) =>
      addresses === undefined
        ? publicInternet.isAllowedAddress(address)
        : addresses.includes(address),
    isAllowedPort: (port) =>
      ports === undefined ? publicInternet.isAllowedPort(port) : ports.includes(port),
  };
  const outcome = await fetchPreview(url, network).then(
    (preview) => ({ preview }),
    (error) => ({ refused: error.reason ?? 'network', message: error.message }),
  );
  return { id, asked, ...outcome };
}

let rest = '';
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines)
    answer(JSON.parse(line)).then((told) => console.log(JSON.stringify(told)));
}
