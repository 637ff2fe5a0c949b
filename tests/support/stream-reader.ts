/** How does a test read the stream? A socket that keeps every message and can wait for one. */
import { WebSocket } from "ws";
import type { Hello, StreamError, SubscribeRequest, TopicMessage } from "#lib/wire/stream.ts";

export type StreamReader = {
  socket: WebSocket;
  hello: Hello;
  messages: TopicMessage[];
  errors: StreamError[];
  subscribe(request: SubscribeRequest): void;
  /** The first message that fits, also among those that came before. */
  next(fits: (message: TopicMessage) => boolean): Promise<TopicMessage>;
  nextError(): Promise<StreamError>;
  closed: Promise<number>;
};

export async function readStream(port: number, headers: Record<string, string> = {}): Promise<StreamReader> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/stream`, { headers });
  const messages: TopicMessage[] = [];
  const errors: StreamError[] = [];
  const waiters = new Set<() => void>();
  const closed = new Promise<number>((resolve) => socket.once("close", (code) => resolve(code)));
  const hello = await new Promise<Hello>((resolve, reject) => {
    socket.once("error", reject);
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data)) as Hello | StreamError | TopicMessage[]; // safe: our own server
      if (Array.isArray(frame)) messages.push(...frame);
      else if (frame.kind === "error") errors.push(frame);
      else resolve(frame);
      for (const wake of waiters) wake();
    });
  });
  const until = <Found>(look: () => Found | undefined): Promise<Found> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        const found = look();
        if (found === undefined) return;
        waiters.delete(check);
        resolve(found);
      };
      waiters.add(check);
      socket.once("close", (code) => reject(new Error(`the stream closed with ${code}`)));
      check();
    });
  return {
    socket,
    hello,
    messages,
    errors,
    subscribe: (request) => socket.send(JSON.stringify(request)),
    next: (fits) => until(() => messages.find(fits)),
    nextError: () => until(() => errors.at(0)),
    closed,
  };
}
