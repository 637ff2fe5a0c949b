/** Which time does a process of a test live in? Its wall clock is moved at the start, and on when the test says so. */

const own = Date.now;
let offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);
Date.now = () => own() + offsetMs;

process.on("message", (/** @type {{moveMs?: number}} */ message) => {
  offsetMs += message.moveMs ?? 0;
});
