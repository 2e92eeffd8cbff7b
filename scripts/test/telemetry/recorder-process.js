// What Deno runs for the test of record-calls: it records what its first argument says, as an Edge Function would, and says on
// standard output what the platform was asked to wait for.
globalThis.EdgeRuntime = {
  waitUntil: (promise) => promise.then(() => console.log('told')),
};
const { recordRequest } = await import('../../../supabase/functions/_shared/record-calls.ts');
for (const request of JSON.parse(Deno.args[0])) recordRequest(request);
console.log('recorded');
