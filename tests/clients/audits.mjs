// The server audits of the package graphql-http against one server; a line of JSON for each.
//
//   node audits.mjs http://127.0.0.1:8080/graphql

import { serverAudits } from "graphql-http";

const url = process.argv[2];
for (const audit of serverAudits({ url })) {
  const result = await audit.fn();
  const ok = result.status === "ok";
  console.log(JSON.stringify({ id: audit.id, name: audit.name, ok, why: ok ? null : result.reason }));
}
