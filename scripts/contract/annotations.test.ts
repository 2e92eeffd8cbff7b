import { describe, expect, it } from 'vitest';
import { parseAnnotations } from './annotations.ts';

describe('parseAnnotations', () => {
  it('reads every tag of a comment', () => {
    expect(
      parseAnnotations(`Sends a message.
Needs \`send_messages\`.
@param p_body 1 to 4,000 characters,
  kept byte for byte
@param p_kind {'text' | 'voice'} what it is
@errors timed_out, not_found
@errors not_found
@idempotent by p_client_nonce
@sdk send`),
    ).toMatchObject({
      description: 'Sends a message.\nNeeds `send_messages`.',
      parameters: {
        p_body: { type: null, text: '1 to 4,000 characters,\n  kept byte for byte' },
        p_kind: { type: "'text' | 'voice'", text: 'what it is' },
      },
      errors: ['not_found', 'timed_out'],
      idempotent: 'p_client_nonce',
      sdk: 'send',
      unknown: [],
    });
  });

  it('finds nothing in a comment that is not there', () => {
    expect(parseAnnotations(null)).toMatchObject({ description: '', errors: [], idempotent: null });
  });

  it('reads the columns that are never null', () => {
    expect(parseAnnotations('A seat.\n@not_null number, state').notNull).toEqual([
      'number',
      'state',
    ]);
  });

  it('takes @idempotent alone for always', () => {
    expect(parseAnnotations('Joins.\n@idempotent').idempotent).toBe('always');
  });

  it.each([
    ['{{ topic: string; at: { x: number } }} the head', '{ topic: string; at: { x: number } }'],
    ['{topic: string, revision: number} the head', '{ topic: string, revision: number }'],
    ['{string[]} the head', 'string[]'],
  ])('reads the type in @returns %s', (text, type) => {
    expect(parseAnnotations(`Says.\n@returns ${text}`).returns).toEqual({ type, text: 'the head' });
  });

  it('leaves an @ inside a line alone and reports a tag it does not know', () => {
    const { description, unknown } = parseAnnotations('Mentions @everyone.\n@throws not_found');
    expect(description).toBe('Mentions @everyone.');
    expect(unknown).toEqual(['throws']);
  });
});
