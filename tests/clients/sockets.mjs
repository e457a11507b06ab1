// The real graphql-ws client, and the bare socket where the client is too polite, against one server; a line of
// JSON for each rule of graphql-transport-ws.
//
//   node sockets.mjs ws://127.0.0.1:8080/graphql TOKEN
//
// The token is a coordinator's: the rules on resuming post needs of their own.

import { createClient } from "graphql-ws";
import WebSocket from "ws";

const [url, token] = process.argv.slice(2);
const DEADLINE = 30_000;

const EVENTS = "subscription($after: Position) { events(after: $after) { cursor position type } }";
const POST = `mutation($input: PostNeedInput!) { postNeed(input: $input) { position userErrors { code message } } }`;

/** A client that signs in and, unless told otherwise, does not try again. */
function client(options = {}) {
  return createClient({
    url,
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${token}` },
    ...options,
  });
}

/** What a promise gives in time. */
function inTime(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came in ${DEADLINE} ms`)), DEADLINE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function equal(found, wanted) {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (left !== right) throw new Error(`${left} instead of ${right}`);
}

/** All results of one operation. */
async function all(one, payload) {
  const results = [];
  for await (const result of one.iterate(payload)) results.push(result);
  return results;
}

async function ask(query, variables) {
  const one = client();
  const [result] = await all(one, { query, variables });
  await one.dispose();
  if (result.errors) throw new Error(JSON.stringify(result.errors));
  return result.data;
}

async function post(title) {
  const { postNeed } = await ask(POST, { input: { title } });
  equal(postNeed.userErrors, []);
  return postNeed.position;
}

/** The first events of a feed, at most so many. */
async function take(one, after, count) {
  const events = [];
  for await (const { data } of one.iterate({ query: EVENTS, variables: { after } })) {
    events.push(data.events);
    if (events.length === count) break;
  }
  return events;
}

/** The code a client is closed with, after doing something with its socket. */
async function clientClosed(options, act) {
  const one = client({ lazy: false, onNonLazyError: () => {}, ...options });
  try {
    return await new Promise((resolve) => {
      one.on("closed", (event) => resolve(event.code));
      one.on("connected", (socket) => act?.(socket, one));
    });
  } finally {
    await one.dispose();
  }
}

/** The code a bare socket is closed with, after saying something once it is open. */
function bareClosed(protocols, ...messages) {
  const socket = new WebSocket(url, protocols);
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => messages.forEach((message) => socket.send(message)));
    socket.on("close", resolve);
  });
}

const OURS = "graphql-transport-ws";
const init = JSON.stringify({ type: "connection_init" });
const subscribe = JSON.stringify({ id: "1", type: "subscribe", payload: { query: "{ position }" } });

const rules = {
  "a query is answered once and completed": async () => {
    const results = await all(client(), { query: "{ me { signedIn } }" });
    equal(results, [{ data: { me: { signedIn: true } } }]);
  },
  "a mutation is done": async () => {
    await post("清理楼道 graphql-ws");
  },
  "without a token it is the public": async () => {
    const results = await all(client({ connectionParams: {} }), { query: "{ me { signedIn } }" });
    equal(results, [{ data: { me: { signedIn: false } } }]);
  },
  "a subscription brings history in its order": async () => {
    const one = client();
    const events = await take(one, "0", 50);
    equal(events.length, 50);
    const positions = events.map((event) => Number(event.position));
    equal(positions, [...positions].sort((a, b) => a - b));
    await one.dispose();
  },
  "a subscription brings what happens while it runs": async () => {
    const before = (await ask("{ position }")).position;
    const one = client();
    const coming = take(one, before, 1);
    await post("路灯维修 graphql-ws");
    equal((await coming).map((event) => event.type), ["NEED_POSTED"]);
    await one.dispose();
  },
  "after every break it resumes with nothing missed and nothing twice": async () => {
    const whole = client();
    const wanted = (await take(whole, "0", 12)).map((event) => event.cursor);
    await whole.dispose();
    const seen = [];
    while (seen.length < wanted.length) {
      const one = client();
      for (const event of await take(one, seen.at(-1) ?? "0", 3)) seen.push(event.cursor);
      // The line is cut, not closed.
      one.terminate();
    }
    equal(seen, wanted);
  },
  "many operations share one socket": async () => {
    const one = client();
    const answers = await Promise.all(Array.from({ length: 20 }, () => all(one, { query: "{ __typename }" })));
    equal(answers.every(([result]) => result.data.__typename === "Query"), true);
    await one.dispose();
  },
  "a completed subscription frees its id": async () => {
    const one = client({ generateID: () => "same" });
    equal((await take(one, "0", 2)).length, 2);
    equal((await take(one, "0", 3)).length, 3);
    await one.dispose();
  },
  "a document that does not fit is an error message with its code": async () => {
    const one = client();
    const errors = await all(one, { query: "{ nothing }" }).then(
      () => [],
      (errors) => errors,
    );
    equal(errors.map((error) => error.extensions.code), ["GRAPHQL_VALIDATION_FAILED"]);
    equal((await all(one, { query: "{ __typename }" })).length, 1);
    await one.dispose();
  },
  "a ping of the client is answered with a pong": async () => {
    const one = client({ lazy: false, keepAlive: 20 });
    const payload = await new Promise((resolve) => {
      one.on("pong", (received, payload) => received && resolve(payload ?? null));
    });
    equal(payload, null);
    await one.dispose();
  },
  "a ping with a payload comes back with it": async () => {
    const payload = await new Promise((resolve) => {
      const one = client({ lazy: false });
      one.on("pong", async (received, payload) => {
        if (!received) return;
        await one.dispose();
        resolve(payload);
      });
      one.on("connected", (socket) => socket.send(JSON.stringify({ type: "ping", payload: { at: 42 } })));
    });
    equal(payload, { at: 42 });
  },
  "a client that leaves is let go": async () => {
    equal(await clientClosed({}, (_, one) => one.dispose()), 1000);
  },
  "what is no message closes with 4400": async () => {
    equal(await clientClosed({}, (socket) => socket.send("not a message")), 4400);
    equal(await clientClosed({}, (socket) => socket.send(JSON.stringify({ type: "start" }))), 4400);
    equal(await clientClosed({}, (socket) => socket.send(Buffer.from([1, 2, 3]))), 4400);
  },
  "subscribing before beginning closes with 4401": async () => {
    equal(await bareClosed(OURS, subscribe), 4401);
  },
  "a token that opens no door closes with 4403": async () => {
    equal(await clientClosed({ connectionParams: { authorization: "Bearer gj_nobody" } }), 4403);
  },
  "another protocol closes with 4406": async () => {
    // `ws` refuses a subprotocol the server did not choose by itself; without one the server says it.
    equal(await bareClosed([]), 4406);
  },
  "beginning too late closes with 4408": async () => {
    equal(await bareClosed(OURS), 4408);
  },
  "an id in use closes with 4409": async () => {
    const one = client({ generateID: () => "same" });
    const code = new Promise((resolve) => one.on("closed", (event) => resolve(event.code)));
    const first = take(one, null, 1).catch(() => []);
    const second = take(one, null, 1).catch(() => []);
    equal(await code, 4409);
    await Promise.all([first, second]);
  },
  "beginning twice closes with 4429": async () => {
    equal(await clientClosed({}, (socket) => socket.send(init)), 4429);
  },
};

for (const [name, rule] of Object.entries(rules)) {
  const why = await inTime(rule()).then(
    () => null,
    (error) => String(error?.stack ?? JSON.stringify(error)),
  );
  console.log(JSON.stringify({ id: name, name, ok: why === null, why }));
}
process.exit(0);
