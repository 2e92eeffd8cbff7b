// What Deno runs for an Edge Function: the function's own file, and an eye on standard input. That is a pipe which ends
// when the stack does, also when the stack is killed and cannot say goodbye.
const [functionUrl] = Deno.args;

(async () => {
  for await (const _ of Deno.stdin.readable);
  Deno.exit();
})();

await import(functionUrl);
