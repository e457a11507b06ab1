// GraphQL Code Generator: a typed client without a library; the compiler checks every field and variable.
//
//   GONGJIAN_URL=http://127.0.0.1:8080/graphql GONGJIAN_TOKEN=gj_… npm run codegen

import { graphql } from "./generated/gql.js";
import type { NeedFilter, TypedDocumentString } from "./generated/graphql.js";

const Board = graphql(`
  query Board($filter: NeedFilter, $first: Int!) {
    street { name }
    needs(first: $first, filter: $filter) {
      totalCount
      nodes { id title status asked unserved quantity { amount unit } organization { name } }
    }
  }
`);

async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(process.env.GONGJIAN_URL!, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      authorization: `Bearer ${process.env.GONGJIAN_TOKEN}`,
    },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const answer = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (!answer.data || answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

const filter: NeedFilter = { status: ["OPEN", "PARTLY_MET"] };
const { street, needs } = await ask(Board, { filter, first: 20 });
const unserved: number = needs.nodes.reduce((sum, need) => sum + need.unserved, 0);
if (needs.nodes.length === 0 || !street) throw new Error("an empty street");
console.log(JSON.stringify({ client: "codegen", street: street.name, needs: needs.totalCount, unserved }));
