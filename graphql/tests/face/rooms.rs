//! Who has how much room: connections, requests behind a proxy, sockets of addresses and of strangers.

use crate::{sockets::Socket, street::Street};
use futures_util::future::join_all;
use graphql::{ServerConfig, http::admission::Limits};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A street behind a proxy at this machine.
async fn behind_a_proxy(change: impl FnOnce(&mut Limits)) -> Street {
    let mut limits = Limits { proxies: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)], ..Limits::default() };
    change(&mut limits);
    Street::open_with(ServerConfig { limits, ..ServerConfig::default() }).await
}

async fn asked(street: &Street, client: &str) -> reqwest::Response {
    let request = reqwest::Client::new().post(street.url()).header("x-forwarded-for", client);
    request.json(&json!({ "query": "{ position }" })).send().await.unwrap()
}

/// A request of a client whose head was read and whose body does not come.
async fn under_way(street: &Street, client: &str) -> TcpStream {
    let mut stream = TcpStream::connect(street.address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nx-forwarded-for: {client}\r\ncontent-type: application/json\r\n\
        content-length: 100\r\nexpect: 100-continue\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100", "{}", String::from_utf8_lossy(&answer));
    stream
}

#[tokio::test]
async fn behind_a_proxy_each_client_has_its_share_and_the_proxy_is_none() {
    let street = behind_a_proxy(|limits| limits.connections_per_address = 2).await;
    // Far more connections of one address than a client could have.
    let clients: Vec<String> = (1..=20).map(|number| format!("203.0.113.{number}")).collect();
    let crowd = join_all(clients.iter().map(|client| under_way(&street, client))).await;
    let (first, second) =
        (under_way(&street, "198.51.100.7").await, under_way(&street, "198.51.100.7").await);
    let refused = asked(&street, "198.51.100.7").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "1");
    let answer: Value = refused.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answer}");
    assert!(answer["errors"][0]["extensions"]["requestId"].is_string(), "{answer}");
    assert_eq!(asked(&street, "198.51.100.8").await.status(), StatusCode::OK);
    drop((crowd, second));
    while asked(&street, "198.51.100.7").await.status() != StatusCode::OK {
        tokio::task::yield_now().await;
    }
    drop(first);
}

#[tokio::test]
async fn one_address_has_so_many_sockets_and_another_is_let_in() {
    let street = behind_a_proxy(|limits| limits.sockets_per_address = 2).await;
    let (one, other) = ("203.0.113.1", "203.0.113.2");
    let member = async |client: &str| Socket::begin_from(&street, client, &street.observer).await;
    let (_first, second) = (member(one).await.unwrap(), member(one).await.unwrap());
    let refused = member(one).await.err().unwrap();
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()["retry-after"], "5");
    let answer: Value = serde_json::from_slice(refused.body().as_deref().unwrap()).unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "OVERLOADED", "{answer}");
    assert_eq!(
        answer["errors"][0]["extensions"]["requestId"],
        json!(refused.headers()["x-request-id"].to_str().unwrap())
    );
    assert!(member(other).await.is_ok());
    drop(second);
    while member(one).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn strangers_from_anywhere_leave_sockets_to_members() {
    let street = behind_a_proxy(|limits| {
        limits.sockets = 6;
        limits.public_sockets = 3;
    })
    .await;
    let client = |number: usize| format!("203.0.113.{number}");
    let mut strangers = Vec::new();
    for number in 0..3 {
        strangers.push(Socket::begin_from(&street, &client(number), "").await.unwrap());
    }
    // The fourth of another address learns it where it says that it has no token.
    let fourth = Socket::open_from(&street, &client(4)).await.unwrap();
    assert_eq!(fourth.closed_after(json!({ "type": "connection_init" })).await, 1013);
    // One address has an eighth of them, at least one, before it has signed in.
    assert_eq!(Socket::open_from(&street, &client(0)).await.err().unwrap().status(), 503);
    for _ in 0..3 {
        strangers.push(Socket::begin_from(&street, &client(9), &street.observer).await.unwrap());
    }
}
