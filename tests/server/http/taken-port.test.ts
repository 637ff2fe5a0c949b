/** Is a port that somebody else holds said as the setting that it is? */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { BadSettings } from "#server/config.ts";
import { createHttpServer } from "#server/http/server.ts";
import { createFakeHouse } from "./fake-house.ts";

test("a port in use is a bad setting that names the variable", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as { port: number }; // safe: it listens on TCP
  const second = await createHttpServer(createFakeHouse({}).deps);
  await assert.rejects(second.listen(port, "127.0.0.1"), (error) => {
    assert.ok(error instanceof BadSettings);
    assert.match(error.message, new RegExp(`DATA_SERVICE_PORT was ${port} on 127.0.0.1`));
    return true;
  });
  await second.close();
  holder.close();
});
