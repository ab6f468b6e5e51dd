/** What happens before the stream: greeting, authentication, its refusals, and who is let in at all. */
import { expect, test } from "vitest";
import { startGateway } from "../../src/gateway/gateway.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import { HandClock, realClock } from "../client/hand-clock.ts";
import { rig } from "./gateway-rig.ts";
import { memorySource } from "./memory-source.ts";
import { KEY_TEXT } from "./raw-client.ts";

test("greeting and challenge come in one write, with a fresh challenge each time", async () => {
  const gateway = await rig();
  const [one, two] = [gateway.client(), gateway.client()];
  await Promise.all([one.challenge(), two.challenge()]);
  expect(one.chunks).toHaveLength(1);
  expect(one.text).toMatch(/^lsg_version=[0-9.]+ nq-tui replay\ncram=[0-9a-z]{32}\n$/);
  expect(await one.challenge()).not.toBe(await two.challenge());
});

test("the right key is let in, whatever the order of the keys and the cutting of the line", async () => {
  const gateway = await rig({ nextSessionId: () => 1_755_000_001n });
  const client = gateway.client();
  expect(await client.authenticate("|client=x|ts_out=0|compression=none|heartbeat_interval_s=15")).toBe("success=1|session_id=1755000001");
  expect(gateway.events.map((event) => event.kind)).toEqual(["connected", "authenticated"]);
});

test.each([
  ["a wrong key", "", "db-unittestapikey1234567890GGGGG", "Authentication failed."],
  ["a key with the same bucket", "", "db-unittestapikey1234567891FFFFF", "Authentication failed."],
  ["an unknown parameter", "|speed=2", KEY_TEXT, "Unknown authentication param 'speed'"],
  ["a bad number", "|heartbeat_interval_s=4", KEY_TEXT, "Invalid heartbeat_interval_s"],
  ["a bad switch", "|ts_out=2", KEY_TEXT, "Invalid ts_out"],
  ["an unknown compression", "|compression=gzip", KEY_TEXT, "Invalid compression"],
])("%s is refused, and the connection closes", async (_, more, key, text) => {
  const gateway = await rig();
  const client = gateway.client();
  const result = await client.authenticate(more, key);
  expect(result).toContain(`success=0|error=${text}`);
  await client.toEnd();
  expect(JSON.stringify(gateway.events)).not.toContain(key.slice(0, 20));
});

test("another dataset, a missing answer and a line without end are refused", async () => {
  const gateway = await rig();
  for (const line of ["auth=0-FFFFF|dataset=XNAS.ITCH", "dataset=GLBX.MDP3", "auth=1-FFFFF", `auth=${"x".repeat(5000)}`]) {
    const client = gateway.client();
    await client.challenge();
    client.send(line);
    await client.toEnd();
    expect(client.text).toMatch(/\nsuccess=0\|error=.+\n$/);
  }
});

test("the session one too many is refused in the gateway's words, and a place comes free again", async () => {
  const gateway = await rig({ maxSessions: 1 });
  const first = gateway.client();
  expect(await first.authenticate()).toMatch(/^success=1/);
  const second = gateway.client();
  expect(await second.authenticate()).toBe("success=0|error=User has reached their open connection limit");
  await second.toEnd();
  second.close();
  first.close();
  await expect.poll(() => gateway.events.filter(({ kind }) => kind === "closed").length).toBe(2);
  expect(await gateway.client().authenticate()).toMatch(/^success=1/);
});

test("a stranger has 10 seconds", async () => {
  const clock = new HandClock();
  const gateway = await rig({ clock });
  const stranger = gateway.client();
  const friend = gateway.client();
  await stranger.challenge();
  await friend.authenticate();
  clock.advance(9_999);
  expect(stranger.isEnded).toBe(false);
  clock.advance(1);
  await stranger.toEnd();
  expect(friend.isEnded).toBe(false);
});

test("a port in use is told as NET_LISTEN, and nothing stays open", async () => {
  const gateway = await rig();
  const options = { source: memorySource({ records: [] }), apiKeys: [ApiKey.parse(KEY_TEXT)], clock: realClock, nextChallenge: () => "x" };
  await expect(startGateway({ ...options, port: gateway.port })).rejects.toMatchObject({ code: "NET_LISTEN" });
  await expect(startGateway({ ...options, port: 0, wsPort: gateway.port })).rejects.toMatchObject({ code: "NET_LISTEN" });
});
