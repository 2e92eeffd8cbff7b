begin;
select plan(37);
\ir ../shared.psql

create function pg_temp.kept(p_preview jsonb) returns jsonb language sql as
$$ select private.require_link_preview('https://example.com/', p_preview) - 'url' $$;

select is(
  private.require_link_preview('https://example.com/', '{"title": "A", "description": "B", "site_name": "C", "image_url": "https://example.com/i.png"}'),
  '{"url": "https://example.com/", "title": "A", "description": "B", "site_name": "C", "image_url": "https://example.com/i.png"}', 'a whole one is kept, with its link'
);
select is(pg_temp.kept('{"title": "A"}'), '{"title": "A", "description": null, "site_name": null, "image_url": null}', 'what is left out is null');
select is(pg_temp.kept('{"image_url": "http://example.com/"}') ->> 'image_url', 'http://example.com/', 'an image is enough');
select is(pg_temp.kept(null), null, 'nothing is nothing');
select is(pg_temp.kept('null'), null, 'also in JSON');
select is(pg_temp.kept('{}'), null, 'so is an empty one');
select is(pg_temp.kept('{"title": null, "site_name": "Example"}'), null, 'a site alone is nothing to show');
select is(pg_temp.kept('{"title": " \t\n ", "description": "\u200b\u2800"}'), null, 'nor are texts that show nothing');
select is(
  pg_temp.kept('{"title": "  two\n\t words \u202ereversed\u202c\u0007 "}') ->> 'title', 'two words reversed', 'texts are one line without what is not seen'
);
select is(pg_temp.kept('{"title": "<script>alert(1)</script>"}') ->> 'title', '<script>alert(1)</script>', 'they are texts, not markup');

-- Lengths.
select is(char_length(pg_temp.kept(jsonb_build_object(key, repeat('ü', max)) || '{"title": "x"}' || jsonb_build_object(key, repeat('ü', max))) ->> key), max, key || ' has its most')
from (values ('title', 256), ('description', 512), ('site_name', 100)) as t (key, max);
select is(pg_temp.refused_field(format('select pg_temp.kept(%L)', jsonb_build_object(key, repeat('ü', max + 1)))), 'PT422 invalid_argument p_preview', 'and no more')
from (values ('title', 256), ('description', 512), ('site_name', 100)) as t (key, max);
select is(
  pg_temp.refused_field(format('select pg_temp.kept(%L)', jsonb_build_object('image_url', 'https://example.com/' || repeat('a', 2029)))),
  'PT422 invalid_argument p_preview', 'nor has an address more than 2,048'
);

-- Shapes.
select is(pg_temp.refused_field(format('select pg_temp.kept(%L)', what)), 'PT422 invalid_argument p_preview', what || ' is refused')
from unnest(array['[]', '"text"', '1', '{"title": 1}', '{"title": ["x"]}', '{"html": "<b>"}', '{"title": "x", "url": "https://example.org/"}']) as what;

-- Images.
select is(pg_temp.refused_field(format('select pg_temp.kept(%L)', jsonb_build_object('image_url', url))), 'PT422 invalid_argument p_preview', url || ' is refused')
from unnest(array[
  'data:image/png;base64,AAAA', 'javascript:alert(1)', '/image.png', 'https://user@example.com/', 'https://127.0.0.1/', 'http://[::1]/', 'http://localhost/',
  'https://example.com/a b', 'https://example.com/"onload="x', 'https://example.com/'');x:url(''', 'https://a.localhost:8080/x', 'http://printer.local/', 'http://db.internal/'
]) as url;

select * from finish();
rollback;
