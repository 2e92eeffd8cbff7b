import { describe, expect, test } from 'vitest';
import { readPagePreview } from '../../../supabase/functions/link-previews/page-preview.ts';

async function* inPieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

/** The same whole and in pieces: where the network cuts it makes no difference. */
async function read(html: string) {
  const url = new URL('https://example.com/a/b');
  const whole = await readPagePreview(inPieces(html, html.length || 1), url);
  expect(await readPagePreview(inPieces(html, 7), url)).toEqual(whole);
  return whole;
}

const meta = (values: Record<string, string>) =>
  Object.entries(values)
    .map(([name, value]) => `<meta property="${name}" content="${value}">`)
    .join('');

test('a page says what it is', async () => {
  const tags = meta({
    'og:title': 'A title',
    'og:description': 'What it is about',
    'og:site_name': 'Example',
    'og:image': '/image.png?a=1&amp;b=2',
  });
  expect(await read(`<!doctype html><html><head>${tags}<title>Other</title></head>`)).toEqual({
    title: 'A title',
    description: 'What it is about',
    site_name: 'Example',
    image_url: 'https://example.com/image.png?a=1&b=2',
  });
});

describe('of what says the same', () => {
  test.each([
    [{ 'twitter:title': 'twitter', 'og:title': 'og' }, 'og'],
    [{ 'twitter:title': 'twitter' }, 'twitter'],
    [{ 'og:title': '' }, 'title'],
    [{ 'og:title': ' \n ' }, 'title'],
    [{ 'OG:Title': 'upper' }, 'upper'],
    [{}, 'title'],
  ])('%o gives the title %s', async (tags, title) => {
    const page = await read(`<head>${meta(tags as Record<string, string>)}<title>title</title>`);
    expect(page?.title).toBe(title);
  });

  test('the first counts', async () => {
    expect(
      await read(
        `${meta({ 'og:image': 'https://example.com/1.png' })}${meta({ 'og:image': 'https://example.com/2.png' })}
         <title>1</title><title>2</title><meta name="description" content="d">`,
      ),
    ).toEqual({
      title: '1',
      description: 'd',
      site_name: null,
      image_url: 'https://example.com/1.png',
    });
  });
});

describe('broken pages are read as far as they go', () => {
  test.each([
    ['no head', '<title>x</title>', 'x'],
    ['no quotes', '<meta property=og:title content=x>', 'x'],
    ['single quotes', "<meta content='x' property='og:title'/>", 'x'],
    ['a title that does not end', '<title>x', 'x'],
    ['a tag that does not end', '<title>x</title><meta property="og:description" content="', 'x'],
    ['a comment that does not end', '<title>x</title><!-- and', 'x'],
    ['upper case', '<META PROPERTY="og:title" CONTENT="x">', 'x'],
    ['tags in the title', '<title>a <b>c</b></title>', 'a <b>c</b>'],
    ['a script', '<script>"<title>no</title>"</script><title>x</title>', 'x'],
    ['entities', '<title>&lt;b&gt; &amp; &#228; &nope;</title>', '<b> & ä &nope;'],
    ['XHTML', '<?xml version="1.0"?><html xmlns="x"><head><title>x</title></head></html>', 'x'],
    ['white space', '<title>\n\t two \n  words </title>', 'two words'],
    ['the end of a head that did not begin', '</head><title>x</title>', 'x'],
  ])('%s', async (_, html, title) => {
    expect((await read(html))?.title).toBe(title);
  });

  test.each([
    ['nothing', ''],
    ['no tag', 'just text'],
    ['an empty title', '<title></title>'],
    ['a title in the body', '<head></head><body><title>x</title>'],
    ['no meaning', '<meta><meta name content><meta property="og:title">'],
  ])('%s says nothing', async (_, html) => {
    expect(await read(html)).toBeNull();
  });
});

describe('what cannot be kept', () => {
  test('is cut', async () => {
    const long = '🎉'.repeat(10_000);
    const page = await read(
      `<title>${long}</title>${meta({ 'og:description': long, 'og:site_name': long })}`,
    );
    expect(Array.from(page?.title ?? '')).toHaveLength(256);
    expect(Array.from(page?.description ?? '')).toHaveLength(512);
    expect(Array.from(page?.site_name ?? '')).toHaveLength(100);
    expect(page?.title?.endsWith('🎉…')).toBe(true);
    expect(page?.title).not.toMatch(/\p{Cs}/u);
  });

  test('is replaced or left out', async () => {
    const page = await read(`<title>a\0b&#0;c&#xD800;d${'\ud83c'}e</title>`);
    expect(page?.title).toContain('\ufffd');
    expect(page?.title).not.toMatch(/\p{Cs}/u);
    expect(page?.title).not.toContain('\0');
  });
});

describe('an image', () => {
  test.each([
    ['data:image/png;base64,AAAA'],
    ['javascript:alert(1)'],
    ['ftp://example.com/i.png'],
    ['http://127.0.0.1/i.png'],
    ['http://0x7f000001/i.png'],
    ['http://[::1]/i.png'],
    ['http://localhost/i.png'],
    ['https://user@example.com/i.png'],
    [`https://example.com/${'i'.repeat(2048)}`],
    ['https://'],
  ])('at %s is none', async (image) => {
    const page = await read(`<title>x</title>${meta({ 'og:image': image })}`);
    expect(page?.image_url).toBeNull();
  });

  test.each([
    ['//cdn.example.com/i.png', 'https://cdn.example.com/i.png'],
    ['i.png', 'https://example.com/a/i.png'],
    ['http://example.com/ü "i".png', 'http://example.com/%C3%BC%20%22i%22.png'],
    ['https://MÜNCHEN.example/', 'https://xn--mnchen-3ya.example/'],
  ])('at %s is at %s', async (image, at) => {
    const page = await read(meta({ 'og:image': image.replaceAll('"', '&quot;') }));
    expect(page?.image_url).toBe(at);
  });
});

describe('what is made to be slow is read in time', () => {
  const size = 512 * 1024;
  test.each([
    ['nested tags and ends of others', '<x>'.repeat(size / 6) + '</y>'.repeat(size / 8)],
    ['nested tags and paragraphs', '<x>'.repeat(size / 6) + '<p>'.repeat(size / 6)],
    ['tags that end each other', '<li><x>'.repeat(size / 7)],
    ['attributes', `<meta ${'a '.repeat(size / 2)}>`],
    [
      'different attributes',
      `<meta ${Array.from({ length: 50_000 }, (_, i) => `a${i}`).join(' ')}>`,
    ],
    ['entities', `<title>${'&amp;'.repeat(size / 5)}</title>`],
    ['beginnings of tags', '<'.repeat(size)],
    ['beginnings of comments', '<!--'.repeat(size / 4)],
    ['ends of comments', `<!--${'--'.repeat(size / 2)}`],
    ['white space', `<title>${' '.repeat(size)}x</title>`],
    ['titles', '<title>x</title>'.repeat(size / 16)],
    ['ends of titles', `<title>${'</titl'.repeat(size / 6)}`],
  ])('%s', { timeout: 5_000 }, async (_, html) => {
    // Milliseconds each; what grows with the square of the length takes many seconds.
    await readPagePreview(inPieces(html, 16_384), new URL('https://example.com/'));
  });
});
