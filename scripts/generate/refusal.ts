/** Something in the sources is wrong. Its message is one sentence for the person who edits them; no stack is shown. */
export class Refusal extends Error {
  override name = 'Refusal';
}
