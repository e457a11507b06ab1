// The documents of the board, as Relay's compiler reads them.

import { graphql } from "relay-runtime";

graphql`
  query boardQuery($count: Int!, $cursor: String) {
    position
    ...board_needs @arguments(count: $count, cursor: $cursor)
  }
`;

graphql`
  fragment board_needs on Query
  @refetchable(queryName: "boardPageQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 40 }, cursor: { type: "String" }) {
    needs(first: $count, after: $cursor) @connection(key: "board_needs") {
      totalCount
      edges {
        node {
          id
          title
          organization { name }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

graphql`
  query boardNodeQuery($id: ID!) {
    node(id: $id) {
      ... on Need { title status }
    }
  }
`;

graphql`
  mutation boardPostMutation($input: PostNeedInput!) {
    postNeed(input: $input) {
      position
      need { id title organization { name } }
      userErrors { code field message }
    }
  }
`;
