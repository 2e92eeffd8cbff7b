import { onTestFinished } from 'vitest';

interface FakeTransceiver {
  readonly kind: string;
  readonly sender: { track: unknown; replaceTrack(track: unknown): Promise<void> };
  readonly receiver: { readonly track: { readonly kind: string; enabled: boolean } };
  direction: string;
  currentDirection: string | null;
}

interface Sdp {
  readonly ice: number;
  readonly sections: readonly { readonly kind: string; readonly direction: string }[];
}

/**
 * The state machine of RTCPeerConnection without any network: descriptions must come in the order that WebRTC demands, and two
 * that have agreed are connected a moment later. For tests of what is said when; media is heard in a real browser.
 */
export class FakePeerConnection {
  static made: FakePeerConnection[] = [];

  /** The class for one test, which forgets its connections afterwards. */
  static forTest(): typeof RTCPeerConnection {
    FakePeerConnection.made = [];
    onTestFinished(() => {
      FakePeerConnection.made = [];
    });
    return FakePeerConnection as unknown as typeof RTCPeerConnection;
  }

  signalingState = 'stable';
  connectionState = 'new';
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  onicecandidate: ((event: { candidate: unknown }) => void) | null = null;
  onnegotiationneeded: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  /** What `addIceCandidate` took, and what it was asked to take too early. */
  readonly candidates: string[] = [];
  readonly tooEarly: string[] = [];
  rollbacks = 0;
  restarts = 0;
  configuration: RTCConfiguration;
  /** Whether agreeing connects. */
  static reaches = true;

  readonly #transceivers: FakeTransceiver[] = [];
  #ice = 1;
  #wantsIce = 1;
  #before: { type: string; sdp: string } | null = null;

  constructor(configuration: RTCConfiguration = {}) {
    this.configuration = configuration;
    FakePeerConnection.made.push(this);
  }

  addTransceiver(kind: string, { direction }: { direction: string }): FakeTransceiver {
    const transceiver = this.#newTransceiver(kind, direction);
    this.#need();
    return transceiver;
  }

  getTransceivers(): readonly FakeTransceiver[] {
    return this.#transceivers;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  restartIce(): void {
    this.restarts += 1;
    this.#wantsIce = this.#ice + 1;
    this.#need();
  }

  async createOffer() {
    return { type: 'offer', sdp: this.#describe(this.#wantsIce) };
  }

  async createAnswer() {
    if (this.signalingState !== 'have-remote-offer') throw new Error('no offer to answer');
    return { type: 'answer', sdp: this.#describe(this.#ice) };
  }

  async setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    await Promise.resolve();
    if (description.type === 'rollback') {
      if (this.signalingState !== 'have-local-offer') throw new Error('nothing to roll back');
      this.localDescription = this.#before;
      this.rollbacks += 1;
      this.#settle('stable');
    } else if (description.type === 'offer') {
      if (this.signalingState !== 'stable') throw new Error(`offer in ${this.signalingState}`);
      this.#before = this.localDescription;
      this.localDescription = description;
      this.signalingState = 'have-local-offer';
      this.#gather();
    } else {
      if (this.signalingState !== 'have-remote-offer') throw new Error('answer without offer');
      this.localDescription = description;
      this.#agree();
      this.#gather();
    }
  }

  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    await Promise.resolve();
    if (description.type === 'offer') {
      if (this.signalingState === 'have-local-offer') throw new Error('both have offered');
      const { sections } = JSON.parse(description.sdp) as Sdp;
      this.remoteDescription = description;
      this.signalingState = 'have-remote-offer';
      for (const [index, { kind }] of sections.entries()) {
        if (this.#transceivers[index] === undefined) this.#newTransceiver(kind, 'recvonly');
      }
    } else {
      if (this.signalingState !== 'have-local-offer') throw new Error('answer without offer');
      this.remoteDescription = description;
      this.#ice = this.#wantsIce;
      this.#agree();
    }
  }

  async addIceCandidate({ candidate }: { candidate: string }): Promise<void> {
    if (this.remoteDescription === null) {
      this.tooEarly.push(candidate);
      throw new Error('no remote description');
    }
    this.candidates.push(candidate);
  }

  close(): void {
    this.signalingState = 'closed';
    this.connectionState = 'closed';
  }

  /** As the network would. */
  become(connectionState: 'connected' | 'disconnected' | 'failed'): void {
    if (this.connectionState === 'closed') return;
    this.connectionState = connectionState;
    this.onconnectionstatechange?.();
  }

  #newTransceiver(kind: string, direction: string): FakeTransceiver {
    let current = direction;
    const need = () => this.#need();
    const transceiver: FakeTransceiver = {
      kind,
      sender: {
        track: null,
        async replaceTrack(track) {
          this.track = track;
        },
      },
      receiver: { track: { kind, enabled: true } },
      get direction() {
        return current;
      },
      set direction(value) {
        current = value;
        need();
      },
      currentDirection: null,
    };
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  #describe(ice: number): string {
    const sections = this.#transceivers.map(({ kind, direction }) => ({ kind, direction }));
    return JSON.stringify({ ice, sections } satisfies Sdp);
  }

  /** Whether what is agreed is not what is wanted. */
  get #isNeeded(): boolean {
    const { sections = [] } = JSON.parse(this.localDescription?.sdp ?? '{}') as Partial<Sdp>;
    return (
      this.#wantsIce !== this.#ice ||
      this.#transceivers.some(({ direction }, index) => direction !== sections[index]?.direction)
    );
  }

  #need(): void {
    if (this.signalingState === 'stable') this.#settle('stable');
  }

  #settle(state: string): void {
    this.signalingState = state;
    queueMicrotask(() => {
      if (this.#isNeeded && this.signalingState === 'stable') this.onnegotiationneeded?.();
    });
  }

  #agree(): void {
    const remote = JSON.parse(this.remoteDescription?.sdp ?? '{}') as Sdp;
    const local = JSON.parse(this.localDescription?.sdp ?? '{}') as Sdp;
    for (const [index, transceiver] of this.#transceivers.entries()) {
      const sends = local.sections[index]?.direction === 'sendrecv';
      const receives = remote.sections[index]?.direction === 'sendrecv';
      transceiver.currentDirection = sends
        ? receives
          ? 'sendrecv'
          : 'sendonly'
        : receives
          ? 'recvonly'
          : 'inactive';
    }
    this.#settle('stable');
    if (FakePeerConnection.reaches) setTimeout(() => this.become('connected'), 5);
  }

  #gather(): void {
    for (const name of ['one', 'two', 'three']) {
      setTimeout(() => {
        const candidate = { candidate: name, toJSON: () => ({ candidate: name }) };
        this.onicecandidate?.({ candidate });
      }, 1);
    }
  }
}
