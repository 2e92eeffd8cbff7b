interface LeavablePage {
  addEventListener(type: 'pagehide', listener: () => void): void;
  removeEventListener(type: 'pagehide', listener: () => void): void;
}

/** Calls back when the page is left, where there is one. Gives what ends it. */
export function whenPageIsLeft(onLeave: () => void): () => void {
  const page = (globalThis as { window?: Partial<LeavablePage> }).window;
  // React Native has a `window`, too, and it is no page.
  if (typeof page?.addEventListener !== 'function') return () => {};
  const { addEventListener, removeEventListener } = page as LeavablePage;
  addEventListener.call(page, 'pagehide', onLeave);
  return () => removeEventListener.call(page, 'pagehide', onLeave);
}
