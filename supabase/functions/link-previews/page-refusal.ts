/** Why a page is not fetched, or not read any further. */
export type RefusalReason =
  /** No address of the web: another scheme, a user's name in it, an IP address, a name without a dot. */
  | 'url'
  /** The name has no address, or one that may not be connected to. */
  | 'address'
  | 'port'
  /** More than 3, without an address, or from https to http. */
  | 'redirect'
  | 'status'
  /** Not a web page, or compressed in a way that was not asked for. */
  | 'content'
  /** No HTTP, or more of it before the page than is read. */
  | 'protocol'
  | 'timeout';

export class PageRefusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = 'PageRefusal';
    this.reason = reason;
  }
}
