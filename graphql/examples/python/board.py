"""Python's gql: the schema is fetched and every document is checked against it before it is sent; the feed is resumed.

GONGJIAN_URL=http://127.0.0.1:8080/graphql GONGJIAN_TOKEN=gj_… python board.py
"""

import asyncio
import json
import os

from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

URL = os.environ["GONGJIAN_URL"]
AUTHORIZATION = {"Authorization": f"Bearer {os.environ['GONGJIAN_TOKEN']}"}

NEEDS = gql(
    """
    query Needs($after: String) {
      position
      needs(first: 50, after: $after, filter: { form: [SERVICE] }) {
        totalCount
        nodes { id title }
        pageInfo { hasNextPage endCursor }
      }
    }
    """
)
POST = gql(
    """
    mutation Post($input: PostNeedInput!) {
      postNeed(input: $input) { position need { id } userErrors { code field message } }
    }
    """
)
FEED = gql(
    """
    subscription Feed($after: Position) { events(after: $after) { cursor type concerns { needId } } }
    """
)


async def main() -> None:
    http = HTTPXAsyncTransport(url=URL, headers=AUTHORIZATION)
    async with Client(transport=http, fetch_schema_from_transport=True) as session:
        titles, after, more = [], None, True
        while more:
            NEEDS.variable_values = {"after": after}
            page = await session.execute(NEEDS)
            titles += [need["title"] for need in page["needs"]["nodes"]]
            after, more = page["needs"]["pageInfo"]["endCursor"], page["needs"]["pageInfo"]["hasNextPage"]
        assert len(titles) == page["needs"]["totalCount"] > 0

        POST.variable_values = {"input": {"title": "楼道照明 gql"}}
        posted = (await session.execute(POST))["postNeed"]
        assert posted["userErrors"] == [], posted

    # What happened after the position that was read, though nobody listened then.
    socket = WebsocketsTransport(
        url=URL.replace("http", "ws", 1),
        init_payload={"authorization": AUTHORIZATION["Authorization"]},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    async with Client(transport=socket) as session:
        FEED.variable_values = {"after": page["position"]}
        async for event in session.subscribe(FEED):
            if event["events"]["concerns"]["needId"] == posted["need"]["id"]:
                break

    print(json.dumps({"client": "gql", "needs": len(titles), "posted": posted["need"]["id"]}))


asyncio.run(main())
