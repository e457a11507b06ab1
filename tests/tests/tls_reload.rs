//! A new certificate without a restart, on the real program: after SIGHUP it is shown to whoever comes, and whoever is there
//! already is served on.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use std::{fs, path::Path, sync::Arc, time::SystemTime};
use tempfile::tempdir;
use tests::{client::Client, program::Server};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream, rustls};

const NAME: &str = "street.example";

/// Writes a new certificate and its key, as if it had been long ago; the certificate.
fn issue(directory: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
    for (file, text) in [("key.pem", made.signing_key.serialize_pem()), ("certificate.pem", made.cert.pem())]
    {
        let path = directory.join(file);
        fs::write(&path, text).unwrap();
        // Always the same time: who looks at that alone sees no change, so it has to be the signal.
        fs::File::options().append(true).open(&path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }
    made.cert.der().clone()
}

/// A connection of somebody who trusts one certificate only.
async fn connect(
    server: &Server,
    trusted: &CertificateDer<'static>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(&server.address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(NAME).unwrap(), stream).await
}

/// Whether the server answers on a connection that stays open.
async fn answers(connection: &mut TlsStream<TcpStream>) -> bool {
    let request = b"GET /health/live HTTP/1.1\r\nhost: street.example\r\n\r\n";
    connection.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"{\"status\":\"live\"}") {
        let mut piece = [0; 1024];
        match connection.read(&mut piece).await.unwrap() {
            0 => return false,
            count => answer.extend(piece.iter().take(count)),
        }
    }
    answer.starts_with(b"HTTP/1.1 200")
}

#[tokio::test]
async fn after_a_hangup_who_comes_sees_the_new_certificate_and_who_is_there_stays() {
    let (data, directory) = (tempdir().unwrap(), tempdir().unwrap());
    let first = issue(directory.path());
    let path = |file: &str| directory.path().join(file).to_str().unwrap().to_owned();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    let server = Server::start(data.path(), &["--tls-certificate", &certificate, "--tls-key", &key]);
    let mut old = connect(&server, &first).await.unwrap();
    assert!(answers(&mut old).await);

    // Half of a change is said and changes nothing.
    fs::write(&certificate, "nonsense").unwrap();
    server.signal("HUP");
    server.wait_for_line("the certificate was not read anew");
    assert!(answers(&mut connect(&server, &first).await.unwrap()).await);

    let second = issue(directory.path());
    server.signal("HUP");
    server.wait_for_line("the certificate was read anew");
    assert!(answers(&mut connect(&server, &second).await.unwrap()).await, "who comes sees the new one");
    assert!(connect(&server, &first).await.is_err(), "and the old one no more");
    assert!(answers(&mut old).await, "who is there stays");
    drop(old);
    server.stop();
}

#[tokio::test]
async fn a_hangup_ends_nothing_where_nothing_is_to_be_read_anew() {
    let data = tempdir().unwrap();
    let server = Server::start(data.path(), &[]);
    // At once, and as often as somebody likes.
    for _ in 0..3 {
        server.signal("HUP");
    }
    let stays = Client::public(&server.address);
    assert_eq!(stays.get("/health/live").await.0, 200);
    server.signal("HUP");
    server.wait_for_line("there is nothing to reload");
    assert_eq!(stays.get("/health/live").await.0, 200);
    server.stop();
}
