import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

// Certificates for servers that exist for one test. Node signs, but makes no certificates: these are the few fields of
// X.509 (RFC 5280) that a client looks at.

export interface Certified {
  /** PEM. */
  certificate: string;
  /** PEM. */
  key: string;
}

export interface Authority {
  /** PEM. */
  certificate: string;
  /** A certificate for a server of these names. */
  issue(...hosts: string[]): Certified;
}

export function createAuthority(name: string): Authority {
  const keys = keyPair();
  const root = certificate({
    issuer: name,
    subject: name,
    of: keys,
    by: keys.privateKey,
    hosts: null,
  });
  return {
    certificate: root,
    issue(...hosts) {
      const own = keyPair();
      return {
        certificate: certificate({
          issuer: name,
          subject: hosts[0] ?? '',
          of: own,
          by: keys.privateKey,
          hosts,
        }),
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const keyPair = (): KeyPair => generateKeyPairSync('ec', { namedCurve: 'P-256' });

function certificate(options: {
  issuer: string;
  subject: string;
  of: KeyPair;
  by: KeyObject;
  /** Null: an authority's own. */
  hosts: string[] | null;
}): string {
  const algorithm = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)); // ECDSA with SHA-256
  const isAuthority = options.hosts === null;
  const extensions = [
    sequence(
      objectId(0x55, 0x1d, 0x13), // basic constraints
      der(0x01, Buffer.from([0xff])),
      octets(isAuthority ? sequence(der(0x01, Buffer.from([0xff]))) : sequence()),
    ),
    ...(options.hosts === null
      ? []
      : [
          sequence(
            objectId(0x55, 0x1d, 0x11), // alternative names
            octets(sequence(...options.hosts.map((host) => der(0x82, Buffer.from(host))))),
          ),
        ]),
  ];
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    distinguishedName(options.issuer),
    sequence(time(-1), time(1)),
    distinguishedName(options.subject),
    options.of.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', signed, options.by);
  const whole = sequence(signed, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...content: Buffer[]) => der(0x30, ...content);
const octets = (content: Buffer) => der(0x04, content);
const objectId = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const distinguishedName = (name: string) =>
  sequence(der(0x31, sequence(objectId(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));

function time(inDays: number): Buffer {
  const at = new Date(Date.now() + inDays * 86_400_000).toISOString();
  return der(0x17, Buffer.from(`${at.slice(2, 19).replace(/[-T:]/g, '')}Z`));
}
