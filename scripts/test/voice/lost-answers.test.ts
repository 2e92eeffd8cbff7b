import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PeerLink } from '../../../sdk/src/voice/peer-link.ts';
import { projectRoot } from '../../project-root.ts';
import { launchChromium } from '../chromium.ts';

// What real connections make of signals that do not arrive. No model of them knows of DTLS roles, or of which sections a browser takes for
// the same.

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(projectRoot, 'sdk/src/voice/peer-link.ts')],
    bundle: true,
    format: 'iife',
    globalName: 'peerLinks',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  // Its own address instead of a name that is made up for it, which nobody resolves here.
  browser = await launchChromium(['--disable-features=WebRtcHideLocalIpsWithMdns']);
  page = await browser.newPage();
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
});
afterAll(() => browser.close());

/** Two links of which the caller hears nothing at first, while the other gets credentials anew and shows a picture. */
const meet = (isCallerPolite: boolean) =>
  page.evaluate(async (isCallerPolite) => {
    const { PeerLink: Link } = (window as unknown as { peerLinks: { PeerLink: typeof PeerLink } })
      .peerLinks;
    type Kind = Parameters<PeerLink['receive']>[0];
    let isDeaf = true;
    const lost: string[] = [];
    const made: RTCPeerConnection[] = [];
    class Watched extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made.push(this);
      }
    }
    const link = (isCaller: boolean, to: () => PeerLink): PeerLink => {
      const say = (kind: Kind, payload: object) => {
        if (!isCaller && isDeaf) lost.push(kind);
        else setTimeout(() => to().receive(kind, payload as Record<string, unknown>), 5);
      };
      return new Link({
        rtc: Watched,
        configuration: {},
        isCaller,
        isPolite: isCaller === isCallerPolite,
        line: {
          say,
          candidate: (candidate) => say('ice', { candidates: [candidate] }),
          close: () => {},
        },
        tracks: { audio: null, video: null },
        onChange: () => {},
      });
    };
    const seconds = (count: number) => new Promise((wake) => setTimeout(wake, count * 1_000));
    const callee: PeerLink = link(false, () => caller);
    const caller: PeerLink = link(true, () => callee);
    await seconds(1);
    const canvas = document.createElement('canvas');
    canvas.getContext('2d');
    const [picture = null] = canvas.captureStream(5).getVideoTracks();
    callee.setConfiguration({});
    callee.setTracks({ audio: null, video: picture });
    await seconds(1);
    isDeaf = false;
    caller.allow(true, true);
    for (let tenths = 0; tenths < 250; tenths += 1) {
      if (caller.state === 'connected' && callee.state === 'connected' && caller.video !== null) {
        break;
      }
      await seconds(0.1);
    }
    const answer = {
      lost: [...new Set(lost)].sort(),
      states: [caller.state, callee.state],
      isShown: caller.video !== null,
      sections: made.map((connection) => connection.getTransceivers().length),
    };
    caller.close();
    callee.close();
    return answer;
  }, isCallerPolite);

test.each([
  ['gives way', true],
  ['insists', false],
])(
  'a caller that %s later on, and did not hear the first answers, is connected all the same',
  async (_, isCallerPolite) => {
    expect(await meet(isCallerPolite)).toEqual({
      lost: ['answer', 'ice', 'renegotiate'],
      states: ['connected', 'connected'],
      isShown: true,
      sections: [2, 2],
    });
  },
  60_000,
);
