import type { Database } from '../../database/database.ts';
import { Credentials, type ProjectKeys } from '../realtime/credentials.ts';
import { type Claims, TokenRefused } from '../realtime/token.ts';
import { FileStore } from './file-store.ts';
import { type NewObject, Objects, type StoredObject } from './objects.ts';
import { readGrant, signGrant } from './signed-token.ts';
import { asStorageError, StorageError } from './storage-error.ts';

interface StorageOptions extends ProjectKeys {
  database: Database;
  /** Where the bytes lie. */
  folder: string;
  log: (line: string) => void;
}

export interface StorageApi {
  /** Answers a request below `/storage/v1`; null when it is for somebody else. */
  handle(request: Request): Promise<Response | null>;
  /** Whether a request carries its right in its URL and needs no key. */
  isSigned(request: Request): boolean;
}

interface Asked {
  request: Request;
  url: URL;
  /** Who asks. */
  claims: Claims;
  bucket: string;
  name: string;
}

const prefix = '/storage/v1';
const uploadUrlSeconds = 7200;

/**
 * As much of the Storage API as supabase-js needs to upload, read, sign, list and remove: the policies on storage.objects
 * decide, asked as the caller. Buckets are made by migrations. What the platform has besides is answered with 404: moving and
 * copying, image transformation, resumable uploads and the S3 protocol. What differs: a body of unknown length is measured while it is
 * read, where the platform may take it whole; a list has no folders, but all that lies below; of the operations that policies may
 * ask for in `storage.operation`, only a list is named.
 */
export function createStorageApi({ database, folder, log, ...keys }: StorageOptions): StorageApi {
  const objects = new Objects(database);
  const files = new FileStore(folder);
  const credentials = new Credentials(keys);

  function claimsOf(request: Request): Claims {
    const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    try {
      return credentials.claimsOf(bearer ?? request.headers.get('apikey') ?? '');
    } catch (error) {
      if (error instanceof TokenRefused) {
        throw new StorageError(403, 'Unauthorized', error.message);
      }
      throw error;
    }
  }

  async function upload(
    { request, bucket, name }: Asked,
    owner: string | null,
    ask: (object: NewObject) => Promise<void>,
  ): Promise<Response> {
    requireKey(name);
    const limit = await objects.sizeLimit(bucket);
    // Asked before the body is read, so that who may not is not listened to.
    await ask({ bucket, name, owner, version: '1', metadata: null });
    const { body, mimetype, cacheControl } = await readUpload(request);
    const { version, size } = await files.write(body, limit);
    try {
      const { id, replaced } = await objects.write({
        bucket,
        name,
        owner,
        version,
        metadata: {
          eTag: `"${version}"`,
          size,
          mimetype,
          cacheControl,
          lastModified: new Date().toISOString(),
          contentLength: size,
          httpStatusCode: 200,
        },
      });
      if (replaced !== null) await files.remove(replaced);
      return Response.json({ Id: id, Key: `${bucket}/${name}` });
    } catch (error) {
      await files.remove(version);
      throw error;
    }
  }

  function send(object: StoredObject, { request, url }: Asked): Response {
    const download = url.searchParams.get('download');
    return new Response(request.method === 'HEAD' ? null : files.read(object.version), {
      headers: {
        'content-type': object.metadata.mimetype,
        'content-length': String(object.metadata.size),
        'cache-control': object.metadata.cacheControl,
        etag: String(object.metadata.eTag),
        // What people upload is data here and not a page of ours.
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        ...(download === null
          ? {}
          : {
              'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(download)}`,
            }),
      },
    });
  }

  async function signRead({ bucket, claims }: Asked, name: string, expiresIn: unknown) {
    if (typeof expiresIn !== 'number' || !Number.isInteger(expiresIn) || expiresIn < 1) {
      throw new StorageError(400, 'InvalidRequest', 'body/expiresIn must be >= 1');
    }
    await objects.find(bucket, name, claims);
    const token = signGrant({ use: 'read', url: `${bucket}/${name}` }, expiresIn, keys.jwtSecret);
    return `/object/sign/${bucket}/${encodeURI(name)}?token=${token}`;
  }

  async function removeObjects({ bucket, claims }: Asked, names: string[]) {
    const gone = await objects.remove(bucket, names, claims);
    for (const { version } of gone) await files.remove(version);
    return gone;
  }

  const token = (asked: Asked) => asked.url.searchParams.get('token') ?? '';

  /** By what stands between `/object/` and the bucket, and the method. */
  const routes: Record<string, (asked: Asked) => Promise<Response>> = {
    'POST ': (asked) =>
      upload(asked, asked.claims.sub ?? null, (object) =>
        objects.askToCreate(object, asked.request.headers.get('x-upsert') === 'true', asked.claims),
      ),
    'PUT ': (asked) =>
      upload(asked, asked.claims.sub ?? null, (object) =>
        objects.askToReplace(object, asked.claims),
      ),
    'GET ': async (asked) =>
      send(await objects.find(asked.bucket, asked.name, asked.claims), asked),
    'GET info': async ({ bucket, name, claims }) => {
      const { metadata, ...object } = await objects.find(bucket, name, claims);
      return Response.json({ ...object, size: metadata.size, content_type: metadata.mimetype });
    },
    'DELETE ': async (asked) => {
      const names = asked.name === '' ? await namesIn(asked.request, 'prefixes') : [asked.name];
      const gone = await removeObjects(asked, names);
      if (asked.name === '') return Response.json(gone);
      if (gone.length === 0) throw new StorageError(404, 'not_found', 'Object not found');
      return Response.json({ message: 'Successfully deleted' });
    },
    'POST list': async (asked) => {
      const { prefix: begin = '', limit = 100 } = await jsonOf(asked.request);
      const folder = String(begin).replace(/\/*$/, begin === '' ? '' : '/');
      const found = await objects.list(asked.bucket, folder, Number(limit), asked.claims);
      return Response.json(
        found.map((object) => ({ ...object, name: object.name.slice(folder.length) })),
      );
    },
    'POST sign': async (asked) => {
      const { expiresIn, paths } = await jsonOf(asked.request);
      if (asked.name !== '') {
        return Response.json({ signedURL: await signRead(asked, asked.name, expiresIn) });
      }
      if (!Array.isArray(paths)) {
        throw new StorageError(400, 'InvalidRequest', 'body/paths must be array');
      }
      return Response.json(
        await Promise.all(
          paths.map(async (path) => {
            try {
              return {
                error: null,
                path,
                signedURL: await signRead(asked, String(path), expiresIn),
              };
            } catch (error) {
              return { path, signedURL: null, error: asStorageError(error).message };
            }
          }),
        ),
      );
    },
    'GET sign': async (asked) => {
      const url = `${asked.bucket}/${asked.name}`;
      readGrant(token(asked), { use: 'read', url }, keys.jwtSecret);
      return send(await objects.findSigned(asked.bucket, asked.name), asked);
    },
    'POST upload/sign': async ({ bucket, name, claims, request }) => {
      requireKey(name);
      const owner = claims.sub ?? null;
      const object = { bucket, name, owner, version: '1', metadata: null };
      await objects.askToCreate(object, request.headers.get('x-upsert') === 'true', claims);
      const url = `${bucket}/${name}`;
      const grant = { use: 'upload', url, ...(owner === null ? {} : { owner }) } as const;
      const signed = signGrant(grant, uploadUrlSeconds, keys.jwtSecret);
      return Response.json({
        url: `/object/upload/sign/${bucket}/${encodeURI(name)}?token=${signed}`,
        token: signed,
      });
    },
    'PUT upload/sign': async (asked) => {
      const url = `${asked.bucket}/${asked.name}`;
      const grant = readGrant(token(asked), { use: 'upload', url }, keys.jwtSecret);
      return upload(asked, grant.owner ?? null, async () => {});
    },
  };

  const isSigned = (request: Request) =>
    ['GET', 'HEAD', 'PUT'].includes(request.method) &&
    /^\/storage\/v1\/object\/(upload\/)?sign\//.test(new URL(request.url).pathname);

  return {
    isSigned,
    async handle(request) {
      const url = new URL(request.url);
      if (!url.pathname.startsWith(`${prefix}/`)) return null;
      const path =
        /^\/object\/(?:(authenticated|info|list|sign|upload\/sign)\/)?([^/]+)(?:\/(.*))?$/.exec(
          url.pathname.slice(prefix.length),
        );
      const method = request.method === 'HEAD' ? 'GET' : request.method;
      const [, kind = '', bucket = '', name = ''] = path ?? [];
      const route = path && routes[`${method} ${kind === 'authenticated' ? '' : kind}`];
      try {
        if (!route) throw new StorageError(404, 'not_found', `${method} is not answered here`);
        const claims: Claims = isSigned(request) ? { role: 'anon' } : claimsOf(request);
        const asked = { request, url, claims, bucket: decoded(bucket), name: decoded(name) };
        return open(await route(asked));
      } catch (error) {
        const refusal = asStorageError(error);
        const { statusCode, message } = refusal;
        if (statusCode === '500') log(`[storage] ${(error as Error).message}`);
        const status = statusCode === '500' ? 500 : 400;
        return open(Response.json({ statusCode, error: refusal.error, message }, { status }));
      }
    },
  };
}

/** Browsers ask from another origin; the key decides, not the origin. */
function open(response: Response): Response {
  response.headers.set('access-control-allow-origin', '*');
  return response;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new StorageError(400, 'InvalidKey', `Invalid key: ${part}`);
  }
}

/** The characters that an object's name may have. */
function requireKey(name: string): void {
  if (!/^[\w/!\-.*'() &$@=;:+,?]+$/.test(name)) {
    throw new StorageError(400, 'InvalidKey', `Invalid key: ${name}`);
  }
}

async function jsonOf(request: Request): Promise<Record<string, unknown>> {
  const value: unknown = await request.json().catch(() => null);
  if (typeof value !== 'object' || value === null) {
    throw new StorageError(400, 'InvalidRequest', 'body must be object');
  }
  return value as Record<string, unknown>;
}

async function namesIn(request: Request, field: string): Promise<string[]> {
  const names = (await jsonOf(request))[field];
  if (!Array.isArray(names) || names.length < 1 || names.length > 1000) {
    throw new StorageError(400, 'InvalidRequest', `body/${field} must have 1 to 1000 items`);
  }
  return names.map(String);
}

interface Upload {
  body: AsyncIterable<Uint8Array>;
  mimetype: string;
  cacheControl: string;
}

/** A form's file, or the body itself. */
async function readUpload(request: Request): Promise<Upload> {
  const contentType = request.headers.get('content-type') ?? 'application/octet-stream';
  if (!contentType.startsWith('multipart/form-data')) {
    return {
      body: (request.body ?? []) as unknown as AsyncIterable<Uint8Array>,
      mimetype: contentType,
      cacheControl: request.headers.get('cache-control') ?? 'no-cache',
    };
  }
  const form = await request.formData().catch(() => new FormData());
  const file = [...form.values()].find((value) => typeof value !== 'string');
  if (file === undefined) throw new StorageError(400, 'InvalidRequest', 'No file provided');
  const seconds = form.get('cacheControl');
  return {
    body: file.stream() as unknown as AsyncIterable<Uint8Array>,
    mimetype: file.type || 'application/octet-stream',
    cacheControl: typeof seconds === 'string' ? `max-age=${seconds}` : 'no-cache',
  };
}
