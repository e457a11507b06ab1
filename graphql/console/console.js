// The explorer: asks /graphql by HTTP, follows subscriptions over graphql-transport-ws, and shows the
// schema by introspection. It speaks to no other host and keeps the token for this tab only.
"use strict";

const $ = (id) => document.getElementById(id);
const [query, variables, token, language] = ["query", "variables", "token", "language"].map($);
let socket = null;
let types = new Map();
let roots = [];
const trail = [];

const EXAMPLES = [
  ["需求清单", "query 需求 {\n  position\n  needs(first: 10, filter: { status: [OPEN] }) {\n    totalCount\n    nodes { title organization { name } category { zh } unserved quantity { unit } }\n  }\n}", {}],
  ["Needs of a place", "query Needs($text: String) {\n  needs(first: 20, filter: { text: $text }) {\n    totalCount\n    nodes { id title place { path } status tally { proposed claimed agreed } }\n    pageInfo { hasNextPage endCursor }\n  }\n}", { text: "老人" }],
  ["我是谁 Who am I", "{ me { signedIn sight role organization { id name } } street { name } position }", {}],
  ["发布需求 Post a need", "mutation Post($input: PostNeedInput!) {\n  postNeed(input: $input) {\n    need { id title status }\n    position\n    userErrors { code field message }\n  }\n}", { input: { title: "为二十位老人配送午餐", form: "SERVICE", quantity: { amount: 20, unit: "人" }, urgency: "NORMAL" } }],
  ["推荐 Suggestions", "query Suggest($need: ID!) {\n  suggestions(need: $need, first: 5) {\n    supplier { __typename ... on Resource { title } ... on Organization { name } }\n    fit { total reasons }\n    reserve { code message }\n  }\n}", { need: "" }],
  ["认领 Claim", "mutation Claim($input: ClaimPairingInput!) {\n  claimPairing(input: $input) {\n    pairing { id status claimedUntil }\n    userErrors { code field message }\n  }\n}", { input: { pairing: "" } }],
  ["试算方案 Preview a plan", "{\n  previewPlan {\n    objective bound gap targets pairingsCount unmetCount\n    unmet(first: 20) { nodes { target { ... on Need { title } ... on Slot { title } } reasons { code message candidates } } }\n  }\n}", {}],
  ["事件推送 Event feed", "subscription Feed($after: Position) {\n  events(after: $after) { cursor time type actor { kind organization { name } } concerns { needId pairingId } payload }\n}", { after: "0" }],
];

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function say(text, bad) {
  $("status").textContent = text;
  $("status").className = bad ? "bad" : "";
}

function show(tab) {
  for (const name of ["result", "feed"]) {
    $(name).hidden = name !== tab;
    $("tab-" + name).setAttribute("aria-selected", String(name === tab));
  }
}

function readVariables() {
  const text = variables.value.trim();
  return text ? JSON.parse(text) : {};
}

async function ask(body) {
  const headers = {
    "content-type": "application/json",
    accept: "application/graphql-response+json, application/json;q=0.9",
    "accept-language": language.value,
  };
  if (token.value.trim()) headers.authorization = "Bearer " + token.value.trim();
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
}

async function run() {
  let asked;
  try {
    asked = { query: query.value, variables: readVariables() };
  } catch (error) {
    return say("变量不是 JSON · " + error.message, true);
  }
  // Comments and strings aside, a document that has a subscription is followed.
  const bare = query.value.replace(/#.*|"""[^]*?"""|"(?:\\.|[^"\\])*"/g, "");
  if (/(^|\})\s*subscription\b/.test(bare)) return follow(asked);
  show("result");
  say("…");
  const began = performance.now();
  try {
    const { status, answer } = await ask(asked);
    $("result").textContent = JSON.stringify(answer, null, 2);
    say(`${status} · ${Math.round(performance.now() - began)} ms`, Boolean(answer.errors));
  } catch (error) {
    say(error.message, true);
  }
}

function follow(asked) {
  stop();
  show("feed");
  $("feed").replaceChildren();
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const mine = new WebSocket(`${scheme}//${location.host}/graphql`, "graphql-transport-ws");
  socket = mine;
  $("stop").hidden = false;
  let count = 0;
  const send = (message) => mine.send(JSON.stringify(message));
  mine.onopen = () => {
    const bearer = token.value.trim();
    send({ type: "connection_init", payload: bearer ? { authorization: "Bearer " + bearer } : {} });
  };
  mine.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "connection_ack") {
      send({ id: "1", type: "subscribe", payload: asked });
      say("已连接 connected");
    } else if (message.type === "ping") {
      send({ type: "pong" });
    } else if (message.type === "next" || message.type === "error") {
      $("feed").prepend(element("li", JSON.stringify(message.payload, null, 2)));
      if ($("feed").children.length > 200) $("feed").lastChild.remove();
      say(`${++count}`, message.type === "error");
    } else if (message.type === "complete") {
      stop();
    }
  };
  mine.onclose = ({ code, reason }) => {
    if (socket !== mine) return;
    say(`已断开 closed ${code} ${reason}`, code !== 1000);
    $("stop").hidden = true;
    socket = null;
  };
}

function stop() {
  if (!socket) return;
  socket.close(1000);
  socket = null;
  $("stop").hidden = true;
  say("已停止 stopped");
}

// --- the editor -------------------------------------------------------------
function indent(event) {
  const box = event.currentTarget;
  const { selectionStart: start, selectionEnd: end, value } = box;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    run();
  } else if (event.key === "Escape") {
    // Escape, then Tab, leaves the editor: nobody is locked in by the keyboard.
    box.dataset.leave = "yes";
  } else if (event.key === "Tab" && box.dataset.leave !== "yes") {
    event.preventDefault();
    const from = value.lastIndexOf("\n", start - 1) + 1;
    const lines = value.slice(from, end);
    if (start === end && !event.shiftKey) {
      box.setRangeText("  ", start, end, "end");
    } else {
      box.setRangeText(event.shiftKey ? lines.replace(/^ {1,2}/gm, "") : lines.replace(/^/gm, "  "), from, end, "select");
    }
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    const line = value.slice(value.lastIndexOf("\n", start - 1) + 1, start);
    const depth = line.match(/^ */)[0] + (/[{(\[]\s*$/.test(line) ? "  " : "");
    box.setRangeText("\n" + depth, start, end, "end");
  } else if (event.key !== "Tab" && event.key !== "Shift") {
    delete box.dataset.leave;
  }
}

// --- the schema -------------------------------------------------------------
const REF = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
const INTROSPECTION = `{ __schema { queryType { name } mutationType { name } subscriptionType { name } types {
  kind name description
  fields { name description args { name description defaultValue type { ${REF} } } type { ${REF} } }
  inputFields { name description defaultValue type { ${REF} } }
  enumValues { name description } possibleTypes { name } interfaces { name } } } }`;

const bottom = (type) => (type.ofType ? bottom(type.ofType) : type.name);
function written(type) {
  if (type.kind === "NON_NULL") return written(type.ofType) + "!";
  return type.kind === "LIST" ? `[${written(type.ofType)}]` : type.name;
}

function link(text, name) {
  const made = element("button", text);
  made.type = "button";
  made.className = "link";
  made.onclick = () => open(name);
  return made;
}

function open(name) {
  if (trail.at(-1) !== name) trail.push(name);
  describe();
}

function entry(list, field) {
  const head = element("dt", field.name);
  if (field.args?.length) {
    head.append("(");
    field.args.forEach((argument, index) => {
      head.append(index ? ", " : "", argument.name + ": ", link(written(argument.type), bottom(argument.type)));
    });
    head.append(")");
  }
  if (field.type) head.append(": ", link(written(field.type), bottom(field.type)));
  if (field.defaultValue) head.append(" = " + field.defaultValue);
  list.append(head, element("dd", field.description));
}

function describe() {
  const type = types.get(trail.at(-1));
  const back = trail.slice(0, -1).pop();
  $("trail").replaceChildren(link("⌂", ""), ...(back ? [" ", link("← " + back, back)] : []));
  $("trail").firstChild.onclick = () => { trail.length = 0; describe(); };
  if (back) $("trail").lastChild.onclick = () => { trail.pop(); describe(); };
  if (!type) return list(roots.map((name) => types.get(name)).concat([...types.values()].filter((it) => !roots.includes(it.name))));
  const fields = element("dl");
  for (const field of type.fields ?? type.inputFields ?? type.enumValues ?? []) entry(fields, field);
  for (const other of [...(type.possibleTypes ?? []), ...(type.interfaces ?? [])]) fields.append(element("dt", "", link(other.name, other.name)));
  $("docs").replaceChildren(element("h2", `${type.name} · ${type.kind}`), element("p", type.description), fields);
}

function list(found) {
  const made = element("dl");
  for (const type of found) made.append(element("dt", "", link(type.name, type.name)), element("dd", type.description));
  $("docs").replaceChildren(made);
}

function search() {
  const text = $("search").value.trim().toLowerCase();
  if (!text) return describe();
  const has = (it) => `${it.name} ${it.description ?? ""}`.toLowerCase().includes(text);
  list([...types.values()].filter((type) => has(type) || (type.fields ?? type.inputFields ?? type.enumValues ?? []).some(has)));
}

async function introspect() {
  try {
    const { answer } = await ask({ query: INTROSPECTION });
    const schema = answer.data.__schema;
    types = new Map(schema.types.filter((type) => !type.name.startsWith("__")).map((type) => [type.name, type]));
    roots = [schema.queryType, schema.mutationType, schema.subscriptionType].filter(Boolean).map((type) => type.name);
    describe();
  } catch (error) {
    $("docs").textContent = error.message;
  }
}

function take([, text, values]) {
  query.value = text;
  variables.value = JSON.stringify(values, null, 2);
}

EXAMPLES.forEach(([name], index) => $("examples").append(new Option(name, index)));
$("examples").onchange = (event) => { if (event.target.value) take(EXAMPLES[event.target.value]); };
$("run").onclick = run;
$("stop").onclick = stop;
$("tab-result").onclick = () => show("result");
$("tab-feed").onclick = () => show("feed");
$("search").oninput = search;
for (const box of [query, variables]) box.onkeydown = indent;
language.value = navigator.language.startsWith("zh") ? "zh-CN" : "en";
token.value = sessionStorage.getItem("token") ?? "";
token.onchange = () => { sessionStorage.setItem("token", token.value); introspect(); };
take(EXAMPLES[0]);
introspect();
