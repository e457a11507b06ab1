// Apollo Client: pages merged in the cache, a mutation that updates the list, a feed that is resumed.
//
//   GONGJIAN_URL=http://127.0.0.1:8080/graphql GONGJIAN_TOKEN=gj_… npm run apollo

import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { relayStylePagination } from "@apollo/client/utilities";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const url = process.env.GONGJIAN_URL;
const authorization = `Bearer ${process.env.GONGJIAN_TOKEN}`;

const http = new HttpLink({ uri: url, headers: { authorization, "accept-language": "en" } });
const feed = createClient({
  url: url.replace(/^http/, "ws"),
  webSocketImpl: WebSocket,
  connectionParams: { authorization },
});
const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(feed),
    http,
  ),
  cache: new InMemoryCache({
    // What implements Node is kept once, by its global id; pages of one filter grow together.
    typePolicies: { Query: { fields: { needs: relayStylePagination(["filter"]) } } },
  }),
});

const NEEDS = gql`
  query Needs($after: String) {
    position
    needs(first: 50, after: $after, filter: { status: [OPEN] }) {
      totalCount
      edges { cursor node { id title status organization { id name } category { id name } } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;
const POST = gql`
  mutation Post($input: PostNeedInput!) {
    postNeed(input: $input) {
      position
      need { id title status organization { id name } category { id name } }
      userErrors { code field message }
    }
  }
`;
const FEED = gql`
  subscription Feed($after: Position) {
    events(after: $after) { cursor type concerns { needId } }
  }
`;

// 1. Page through everything that is open: the cache merges the pages.
let after = null;
let position = null;
do {
  const { data } = await client.query({ query: NEEDS, variables: { after }, fetchPolicy: "network-only" });
  position ??= data.position;
  after = data.needs.pageInfo.hasNextPage ? data.needs.pageInfo.endCursor : null;
} while (after !== null);
const { totalCount, edges } = client.readQuery({ query: NEEDS }).needs;
if (edges.length !== totalCount) throw new Error(`${edges.length} of ${totalCount} needs`);

// 2. Follow what happens from the position that was read: nothing is missed between the two.
const posted = new Promise((resolve, reject) => {
  const subscription = client.subscribe({ query: FEED, variables: { after: position } }).subscribe({
    next: ({ data }) => {
      if (data.events.type !== "NEED_POSTED") return;
      subscription.unsubscribe();
      resolve(data.events.concerns.needId);
    },
    error: reject,
  });
});

// 3. Post a need. What the street refuses is data in `userErrors`, not an error.
const answer = await client.mutate({ mutation: POST, variables: { input: { title: "楼道照明 Apollo" } } });
const { need, userErrors } = answer.data.postNeed;
if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
if ((await posted) !== need.id) throw new Error("the feed brought another need");

const refused = await client.mutate({ mutation: POST, variables: { input: { title: "" } } });
const [first] = refused.data.postNeed.userErrors;
if (!first?.code) throw new Error("a need without a title was taken");

// 4. The street as it was. What is asked of the past has the same ids as today's, so it is read into a store of its own,
// one for each position: in the store of today, the old titles would stand in for the new ones.
const PAST = gql`
  query Past($position: Position!, $id: ID!) {
    asOf(position: $position) { position node(id: $id) { ... on Need { id title } } }
  }
`;
const AMEND = gql`
  mutation Amend($input: AmendNeedInput!) {
    amendNeed(input: $input) { need { id title } userErrors { code field message } }
  }
`;
const TITLE = gql`
  query Title($id: ID!) { node(id: $id) { ... on Need { id title } } }
`;
const pasts = new Map();
function asOf(position) {
  if (!pasts.has(position)) pasts.set(position, new ApolloClient({ link: http, cache: new InMemoryCache() }));
  return pasts.get(position);
}
const { id, title } = need;
await client.mutate({ mutation: AMEND, variables: { input: { need: id, title: "楼道照明 改过" } } });
const { data: today } = await client.query({ query: TITLE, variables: { id }, fetchPolicy: "network-only" });
const then = answer.data.postNeed.position;
const { data: past } = await asOf(then).query({ query: PAST, variables: { position: then, id } });
if (past.asOf.node.title !== title) throw new Error("the past is not as it was");
const kept = client.readQuery({ query: TITLE, variables: { id } });
if (kept.node.title !== today.node.title || today.node.title === title) {
  throw new Error("the past was mixed into today");
}

console.log(JSON.stringify({ client: "apollo", needs: totalCount, posted: need.id, refused: first.code }));
client.stop();
await feed.dispose();
