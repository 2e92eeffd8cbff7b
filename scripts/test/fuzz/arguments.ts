import fc from 'fast-check';
import type { ExposedArgument } from './exposed-functions.ts';
import type { World } from './world.ts';

// Values as they travel: a piece of JSON each, so that also what no client library would write is among them.

type Json = fc.Arbitrary<string>;

const oneOf = (...texts: string[]): Json => fc.constantFrom(...texts);
const json = (value: unknown): string => JSON.stringify(value);
const texts = (...values: string[]): Json => oneOf(...values.map(json));
const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + close.repeat(depth);

/** What fits no argument, or not this one. */
const wronglyTyped = (depth: number): Json =>
  oneOf(
    '{}',
    '[]',
    '[null]',
    'true',
    '-1.5',
    '1e400',
    '""',
    '"true"',
    '"a word"',
    '"{}"',
    '{"a":{"b":[1,"2",null]}}',
    '"\\u0000"',
    '"\\ud800"',
    nested(depth, '[', ']'),
  );

const numbers = oneOf(
  '0',
  '1',
  '2',
  '3',
  '5',
  '10',
  '50',
  '60',
  '100',
  '101',
  '1440',
  '-1',
  '2147483647',
  '-2147483648',
  '2147483648',
  '9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '1e9',
  '1.5',
  '"7"',
  '"0x10"',
  '"NaN"',
  '"Infinity"',
);

const hour = 3_600_000;
const times = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(-48 * hour, -hour, 0, hour, 24 * hour, 27 * 24 * hour, 400 * 24 * hour)
      .map((ms) => json(new Date(Date.now() + ms).toISOString())),
  },
  texts(
    'infinity',
    '-infinity',
    '294276-12-31T23:59:59.999999Z',
    '4714-11-24T00:00:00Z BC',
    '0001-01-01T00:00:00Z BC',
    '1970-01-01',
    'epoch',
    'tomorrow',
    '2026-02-30',
    '2026-01-01T00:00:00+15:59',
    '2026-01-01 00:00 Nowhere/Atall',
    '99999999-01-01',
  ),
);

/** Each of these has hurt some program. */
const hostileTexts = texts(
  '',
  ' ',
  '\n\t ',
  'x',
  'a'.repeat(64),
  'a'.repeat(4_000),
  'a'.repeat(4_001),
  'a'.repeat(1_000_000),
  '\u0301'.repeat(100_000),
  `e${'\u0301\u0327'.repeat(2_000)}`,
  '\ufdfa'.repeat(300),
  '\u200b\u200d\ufeff',
  '\u202egnirts desrever a',
  'مرحبا שלום',
  '\u0007\u001b[31m',
  '👍',
  '👨‍👩‍👧‍👦',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  '\u{10ffff}\uffff',
  "'; drop table public.messages; --",
  '$1 $body$ %s %I %% {0} \\x00 \\',
  '%_%\\',
  '{"a":1}',
  '{a,b,NULL}',
  'null',
  '(a+)+$',
  `${'('.repeat(5_000)}`,
  '"'.repeat(10_001),
  '@everyone',
  'from:me in:general has:link has:file before:2026-13-45 after:infinity -not or or "',
  '-'.repeat(3_000),
  `${'word '.repeat(20_000)}`,
  `https://example.com/${'a'.repeat(3_000)}`,
  'https://example.com/ http://[::1]:99999/ https://user:pass@xn--/',
  'javascript:alert(1)',
  '00000000-0000-0000-0000-000000000000',
);

const attachments = ({ files }: World): Json =>
  fc
    .array(
      fc.record(
        {
          id: fc.oneof(fc.constantFrom(...files), fc.uuid(), fc.jsonValue({ maxDepth: 1 })),
          name: fc.oneof(fc.constantFrom('a.png', '', '..', 'a/b'), fc.jsonValue({ maxDepth: 1 })),
          expires_at: fc.oneof(
            times.map((text) => JSON.parse(text) as unknown),
            fc.jsonValue({ maxDepth: 1 }),
          ),
          title: fc.oneof(fc.string(), fc.jsonValue({ maxDepth: 1 })),
          path: fc.string(),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 12 },
    )
    .map(json);

const documents = (world: World): Json =>
  fc.oneof(
    attachments(world),
    fc.record({ title: fc.string(), description: fc.string(), image_url: fc.webUrl() }).map(json),
    fc.json({ maxDepth: 4 }),
    oneOf(
      nested(world.depth, '[', ']'),
      nested(world.depth, '{"a":', '}').replace('}', '1}'),
      `[${Array(100_000).fill('{}').join()}]`,
      `{${Array.from({ length: 20_000 }, (_, i) => `"${i}":${i}`).join()}}`,
      '1e131071',
      '"text"',
      'null',
    ),
  );

/** Ids that are meant where the argument's name says so, and any other. */
function ids(name: string, { ids: known }: World): Json {
  const kind = /([a-z]+)_ids?$/.exec(name)?.[1] ?? '';
  const all = Object.values(known).flat();
  const meant = known[kind] ?? all;
  return fc.oneof(
    { weight: 12, arbitrary: texts(...meant) },
    { weight: 2, arbitrary: texts(...all) },
    { weight: 1, arbitrary: fc.uuid().map(json) },
    {
      weight: 1,
      arbitrary: texts(
        '00000000-0000-0000-0000-000000000000',
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
        '{A0EEBC999C0B4EF8BB6D6BB9BD380A11}',
        'not-a-uuid',
      ),
    },
  );
}

function scalar(type: string, argument: ExposedArgument, world: World): Json {
  switch (type) {
    case 'uuid':
      return ids(argument.name, world);
    case 'text':
      return fc.oneof(
        { weight: argument.words.length > 0 ? 12 : 0, arbitrary: texts(...argument.words, 'x') },
        { weight: 4, arbitrary: texts(...world.words) },
        { weight: 2, arbitrary: texts(...world.texts) },
        { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }).map(json) },
        { weight: 2, arbitrary: hostileTexts },
      );
    case 'bigint':
    case 'integer':
      return fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 0, max: 12 }).map(String) },
        numbers,
      );
    case 'timestamp with time zone':
      return times;
    case 'boolean':
      return oneOf('true', 'false', '"yes"', '"maybe"', '1');
    case 'jsonb':
      return documents(world);
    default:
      throw new Error(`No values are known for the type ${type} of ${argument.name}.`);
  }
}

function list(type: string, argument: ExposedArgument, world: World): Json {
  const element = scalar(type, argument, world);
  const many = (count: number) =>
    element.map((text) => (text.length < 100 ? `[${Array(count).fill(text).join()}]` : '[]'));
  return fc.oneof(
    {
      weight: 10,
      arbitrary: fc.uniqueArray(element, { maxLength: 4 }).map((items) => `[${items.join()}]`),
    },
    fc.array(fc.option(element, { nil: 'null' }), { maxLength: 4 }).map((i) => `[${i.join()}]`),
    many(101),
    many(100_000),
    // Of two dimensions, counted from elsewhere, and as the database writes lists itself.
    element.map((text) => `[[${text}],[${text}]]`),
    element.map((text) => json(`[5:5]={${text}}`)),
    element.map((text) => json(`{${text},NULL}`)),
    oneOf('[]', '[null]', '[[]]', '"{}"', '{}', nested(100, '[', ']')),
  );
}

/** A value for one argument: most of the time one that may do something. */
export function argumentValue(argument: ExposedArgument, world: World): Json {
  const { type } = argument;
  const value = type.endsWith('[]')
    ? list(type.slice(0, -2), argument, world)
    : scalar(type, argument, world);
  return fc.oneof(
    { weight: 16, arbitrary: value },
    { weight: 2, arbitrary: fc.constant('null') },
    { weight: 1, arbitrary: wronglyTyped(world.depth) },
  );
}

/** An object of arguments, as text; those that have a default may be left out. */
export function argumentsOf(args: readonly ExposedArgument[], world: World): fc.Arbitrary<string> {
  return fc
    .record(
      Object.fromEntries(args.map((argument) => [argument.name, argumentValue(argument, world)])),
      { requiredKeys: args.filter(({ isRequired }) => isRequired).map(({ name }) => name) },
    )
    .map((given) => `{${Object.entries(given).map(([name, text]) => `"${name}":${text}`)}}`);
}
