import type { Subscription, TopicSource } from './topic-hub.ts';

interface TopicHandlers {
  onBroadcast(event: string, payload: unknown): void;
  onJoined(): void;
  onDown(): void;
}

interface Place {
  readonly name: string;
  isJoined: boolean;
  hasFailed: boolean;
  readonly subscription: Subscription;
}

/**
 * A topic whose name changes over time: when it moves, the new name is joined before the old one is left, so
 * nothing is missed between the two.
 */
export class FollowedTopic {
  readonly #topics: TopicSource;
  readonly #handlers: TopicHandlers;
  #current: Place | null = null;
  #next: Place | null = null;

  constructor(topics: TopicSource, handlers: TopicHandlers) {
    this.#topics = topics;
    this.#handlers = handlers;
  }

  /** Whether the newest name is joined. */
  get isJoined(): boolean {
    return (this.#next ?? this.#current)?.isJoined ?? false;
  }

  /** Whether a new name is being joined while the old one still stands. */
  get isMoving(): boolean {
    return this.#next !== null && !this.#next.hasFailed;
  }

  /** Goes to the topic with this name. Returns whether that is a move away from another one. */
  follow(name: string): boolean {
    if (name === (this.#next ?? this.#current)?.name) return false;
    this.#next?.subscription.leave();
    this.#next = null;
    if (name === this.#current?.name) return false;
    const isMove = this.#current !== null;
    const place = this.#join(name);
    if (isMove) this.#next = place;
    else this.#current = place;
    return isMove;
  }

  /** Joins the topic anew, because it seems to be deaf. */
  renew(): void {
    (this.#next ?? this.#current)?.subscription.renew();
  }

  leave(): void {
    this.#current?.subscription.leave();
    this.#next?.subscription.leave();
    this.#current = null;
    this.#next = null;
  }

  #join(name: string): Place {
    const place: Place = {
      name,
      isJoined: false,
      hasFailed: false,
      subscription: this.#topics.join(name, {
        onBroadcast: (event, payload) => {
          if (this.#holds(place)) this.#handlers.onBroadcast(event, payload);
        },
        onJoined: () => {
          place.isJoined = true;
          if (place === this.#next) {
            this.#current?.subscription.leave();
            this.#current = place;
            this.#next = null;
          }
          if (place === this.#current) this.#handlers.onJoined();
        },
        onDown: () => {
          place.isJoined = false;
          place.hasFailed = true;
          // The old name failing while the new one is being joined says nothing.
          if (place === (this.#next ?? this.#current)) this.#handlers.onDown();
        },
      }),
    };
    return place;
  }

  #holds(place: Place): boolean {
    return place === this.#current || place === this.#next;
  }
}
