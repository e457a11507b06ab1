// Relay: the compiler has checked the queries against the schema; the store keeps every Node once, and pages by
// the connection's own rules.
//
//   GONGJIAN_URL=http://127.0.0.1:8080/graphql GONGJIAN_TOKEN=gj_… npm run relay

import relay from "relay-runtime";
import board from "./__generated__/boardQuery.graphql.js";
import page from "./__generated__/boardPageQuery.graphql.js";
import fragment from "./__generated__/board_needs.graphql.js";
import refetch from "./__generated__/boardNodeQuery.graphql.js";
import post from "./__generated__/boardPostMutation.graphql.js";

const { Environment, Network, RecordSource, Store, commitMutation, createOperationDescriptor, fetchQuery, getSingularSelector } = relay;

const network = Network.create(async (operation, variables) => {
  const response = await fetch(process.env.GONGJIAN_URL, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      authorization: `Bearer ${process.env.GONGJIAN_TOKEN}`,
    },
    body: JSON.stringify({ query: operation.text, variables }),
  });
  return response.json();
});
const environment = new Environment({ network, store: new Store(new RecordSource()) });

/** The needs the store holds, as a component would read them. */
function read(owner) {
  const root = environment.lookup(owner.fragment).data;
  return environment.lookup(getSingularSelector(fragment, root)).data.needs;
}

// 1. The first page, then the next ones into the same connection: @connection merges them in the store.
const owner = createOperationDescriptor(board, { count: 40, cursor: null });
environment.retain(owner);
await fetchQuery(environment, board, owner.request.variables).toPromise();
let needs = read(owner);
const { totalCount } = needs;
while (needs.pageInfo.hasNextPage) {
  const before = needs.edges.length;
  await fetchQuery(environment, page, { count: 40, cursor: needs.pageInfo.endCursor }).toPromise();
  needs = read(owner);
  if (needs.edges.length <= before) throw new Error("the next page was not merged");
}
if (needs.edges.length !== totalCount) throw new Error(`${needs.edges.length} of ${totalCount} needs`);

// 2. Anything with an id is fetched again through `node`.
const { id, title } = needs.edges[0].node;
const again = await fetchQuery(environment, refetch, { id }).toPromise();
if (again.node?.title !== title) throw new Error("node(id:) gave another thing");

// 3. A mutation; its payload updates the store.
const posted = await new Promise((resolve, reject) => {
  commitMutation(environment, {
    mutation: post,
    variables: { input: { title: "楼道照明 Relay" } },
    onCompleted: ({ postNeed }) => resolve(postNeed),
    onError: reject,
  });
});
if (posted.userErrors.length > 0) throw new Error(JSON.stringify(posted.userErrors));

console.log(JSON.stringify({ client: "relay", needs: totalCount, posted: posted.need.id }));
