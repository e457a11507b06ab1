//! Clients that ask for much and read nothing: their connections are given up, and others get the room.

use crate::street::Street;
use graphql::{ServerConfig, http::admission::Limits};
use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// Another machine than the one the street itself is asked from.
const HERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Far more than it takes.
const PATIENCE: Duration = Duration::from_secs(60);

const ROOM: usize = 3;

/// So many answers that no buffer on the way takes them.
const ASKED: usize = 100;

/// Something long to ask for: the schema, with what it says of itself.
const PATH: &str =
    "/graphql?query=%7B__schema%7Btypes%7Bname%20description%20fields%7Bname%20description%7D%7D%7D%7D";

async fn connect(street: &Street) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 << 10).unwrap();
    socket.bind(SocketAddr::from((HERE, 0))).unwrap();
    socket.connect(street.address).await.unwrap()
}

/// One more connection that is served, if there is room for it.
async fn served(street: &Street) -> Option<TcpStream> {
    let mut stream = connect(street).await;
    let mut answer = [0; 12];
    // Whoever is turned away may be so before or after it has asked.
    let _ = stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: street\r\n\r\n").await;
    let read = stream.read_exact(&mut answer).await;
    (read.is_ok() && answer == *b"HTTP/1.1 200").then_some(stream)
}

#[tokio::test]
async fn who_asks_and_reads_nothing_loses_its_connection_and_others_get_its_room() {
    let limits =
        Limits { write_time: Duration::from_millis(200), connections_per_address: ROOM, ..Limits::default() };
    let street = Street::open_with(ServerConfig { limits, ..ServerConfig::default() }).await;
    let one = reqwest::get(format!("http://{}{PATH}", street.address)).await.unwrap().text().await.unwrap();
    assert!(one.len() > 100_000, "{} bytes", one.len());
    let mut deaf = Vec::new();
    for _ in 0..ROOM {
        let mut stream = connect(&street).await;
        let requests = format!("GET {PATH} HTTP/1.1\r\nHost: street\r\n\r\n").repeat(ASKED);
        stream.write_all(requests.as_bytes()).await.unwrap();
        deaf.push(stream);
    }
    // Others take the room of all of them, one after the other, and keep it.
    let mut others = Vec::new();
    let taking = async {
        while others.len() < ROOM {
            others.extend(served(&street).await);
        }
    };
    timeout(PATIENCE, taking).await.expect("those who read nothing keep their room");
    let whole = one.len() * ASKED;
    for mut stream in deaf {
        // What was on its way comes, and then no more.
        let (mut got, mut piece) = (0, vec![0; 64 << 10]);
        let rest = async {
            while let Ok(count @ 1..) = stream.read(&mut piece).await {
                got += count;
            }
        };
        timeout(PATIENCE, rest).await.expect("the connection is given up");
        assert!(got < whole, "all {got} bytes came to somebody who took none");
    }
    drop(others);
    street.close().await;
}
