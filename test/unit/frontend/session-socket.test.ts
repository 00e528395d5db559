import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LinkState, SessionSocket } from '../../../frontend/src/connection/session-socket.ts';

const minute = 60_000;

/** A browser's WebSocket whose server the test is: hours pass in no time. */
class ScriptedSocket extends EventTarget {
  static readonly OPEN = 1;
  static all: ScriptedSocket[] = [];
  readyState = 0;
  readonly sent: string[] = [];

  constructor() {
    super();
    ScriptedSocket.all.push(this);
  }

  open(): void {
    this.readyState = ScriptedSocket.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  say(frame: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

const sockets = () => ScriptedSocket.all;
const last = () => sockets().at(-1) as ScriptedSocket;
const pings = (socket: ScriptedSocket) => socket.sent.filter((text) => text.includes('ping')).length;

describe('the connection of a page', () => {
  let states: LinkState['kind'][];
  let opened: number;
  let expectant: boolean;
  let socket: SessionSocket;
  let pinged: number;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('WebSocket', ScriptedSocket);
    ScriptedSocket.all = [];
    states = [];
    opened = 0;
    pinged = 0;
    expectant = false;
    socket = new SessionSocket('ws://test/ws/1', {
      opened: () => {
        opened += 1;
      },
      frame: () => undefined,
      changed: ({ kind }) => states.push(kind),
      refused: () => undefined,
      expectant: () => expectant,
    });
  });
  afterEach(() => {
    socket.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  /** The server answers every ping for so long. */
  function live(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1_000) {
      vi.advanceTimersByTime(1_000);
      const current = last();
      if (current.readyState === 0) current.open();
      if (pings(current) > 0) {
        current.sent.length = 0;
        current.say({ type: 'pong' });
        pinged += 1;
      }
    }
  }

  test('is kept from the limit of 10 minutes without a frame', () => {
    last().open();
    live(10 * minute);
    expect(pinged).toBeGreaterThanOrEqual(1);
    expect(sockets()).toHaveLength(1);
  });

  test('is replaced before the limit of 2 hours, the next open before it is closed', () => {
    const first = last();
    first.open();
    live(104 * minute);
    expect(sockets()).toHaveLength(1);
    live(14 * minute);
    expect(sockets()).toHaveLength(2);
    expect(first.readyState).toBe(3);
    expect(last().readyState).toBe(1);
    expect(states.filter((state) => state !== 'open')).toEqual([]);
    expect(opened).toBe(2);
  });

  test('is replaced when the server asks for it, without a moment of none', () => {
    const first = last();
    first.open();
    first.say({ type: 'goaway', reason: 'Going.' });
    expect(sockets()).toHaveLength(2);
    expect(first.readyState).toBe(1);
    last().open();
    expect(first.readyState).toBe(3);
    expect(socket.state.kind).toBe('open');
    expect(opened).toBe(2);
  });

  test('that is dead is noticed soon after the network changed, and within half a minute while an answer is awaited', () => {
    last().open();
    socket.probe();
    vi.advanceTimersByTime(2_900);
    expect(sockets()).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(sockets()).toHaveLength(2);
    last().open();
    expectant = true;
    vi.advanceTimersByTime(34_000);
    expect(sockets()).toHaveLength(3);
  });

  /** Lets the time until the next attempt pass. @returns milliseconds */
  function waitOut(): number {
    const { state } = socket;
    const wait = state.kind === 'waiting' ? state.at - Date.now() : Number.NaN;
    vi.advanceTimersByTime(wait + 1);
    return wait;
  }

  test('that cannot be had is tried again, less and less often, at most every half minute, and at once on request', () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      last().close();
      const before = sockets().length;
      waits.push(waitOut());
      expect(sockets()).toHaveLength(before + 1);
    }
    expect(waits[0]).toBeGreaterThanOrEqual(250);
    expect(waits[0]).toBeLessThanOrEqual(500);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    last().close();
    const before = sockets().length;
    socket.probe();
    expect(sockets()).toHaveLength(before + 1);
  });

  test('that opens and closes at once goes on backing off', () => {
    const waits = Array.from({ length: 8 }, () => {
      last().open();
      last().close();
      return waitOut();
    });
    expect(waits.at(-1)).toBeGreaterThanOrEqual(15_000);
  });

  test('notices that the machine slept', () => {
    last().open();
    vi.setSystemTime(Date.now() + 60 * minute);
    vi.advanceTimersByTime(5_000);
    expect(pings(last())).toBe(1);
    vi.advanceTimersByTime(3_001);
    expect(sockets()).toHaveLength(2);
  });
});
