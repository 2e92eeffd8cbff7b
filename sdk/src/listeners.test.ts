import { expect, test, vi } from 'vitest';
import { Listeners } from './listeners.ts';

test('one function added twice is called twice, and ended once each', () => {
  const listeners = new Listeners();
  const listener = vi.fn();
  const [endOne, endOther] = [listeners.add(listener), listeners.add(listener)];
  listeners.tell();
  expect(listener).toHaveBeenCalledTimes(2);
  endOne();
  endOne();
  listeners.tell();
  expect(listener).toHaveBeenCalledTimes(3);
  endOther();
  listeners.tell();
  expect(listener).toHaveBeenCalledTimes(3);
});

test('who was ended by one before is not called any more', () => {
  const listeners = new Listeners();
  const second = vi.fn();
  listeners.add(() => endSecond());
  const endSecond = listeners.add(second);
  listeners.tell();
  expect(second).not.toHaveBeenCalled();
});

test('who ends itself, or is added, while all are told disturbs nobody', () => {
  const listeners = new Listeners();
  const heard: string[] = [];
  const end = listeners.add(() => {
    end();
    heard.push('first');
    listeners.add(() => heard.push('late'));
  });
  listeners.add(() => heard.push('second'));
  listeners.tell();
  expect(heard).toEqual(['first', 'second']);
  listeners.tell();
  expect(heard).toEqual(['first', 'second', 'second', 'late']);
});
