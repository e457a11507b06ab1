//! TLS: spoken when a certificate is given, and read anew without a restart.

use crate::street::Street;
use graphql::{ServerConfig, TlsFiles};
use std::{path::Path, sync::Arc};
use tempfile::tempdir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName},
    },
};

const NAME: &str = "street.example";

/// Writes a new certificate and its key; the certificate.
fn issue(directory: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
    std::fs::write(directory.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(directory.join("certificate.pem"), made.cert.pem()).unwrap();
    made.cert.der().clone()
}

/// The answer of a server to a client who trusts one certificate only.
async fn ask(street: &Street, trusted: &CertificateDer<'static>) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(street.address).await?;
    let connector = TlsConnector::from(Arc::new(config));
    let mut stream = connector.connect(ServerName::try_from(NAME).unwrap(), stream).await?;
    stream
        .write_all(b"GET /health/live HTTP/1.1\r\nhost: street.example\r\nconnection: close\r\n\r\n")
        .await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn a_certificate_is_spoken_with_and_read_anew_when_it_changes() {
    let directory = tempdir().unwrap();
    let first = issue(directory.path());
    let files = TlsFiles {
        certificate: directory.path().join("certificate.pem"),
        key: directory.path().join("key.pem"),
    };
    let street = Street::open_with(ServerConfig { tls: Some(files), ..ServerConfig::default() }).await;
    let answer = ask(&street, &first).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("{\"status\":\"live\"}"), "{answer}");
    assert!(answer.contains("\r\nstrict-transport-security: max-age=31536000\r\n"), "{answer}");

    // Half a change is none: the old one stays.
    std::fs::write(directory.path().join("certificate.pem"), "nonsense").unwrap();
    assert!(ask(&street, &first).await.is_ok());

    let second = issue(directory.path());
    let asked = std::time::Instant::now();
    while ask(&street, &second).await.is_err() {
        assert!(asked.elapsed().as_secs() < 30, "the new certificate was not read");
        tokio::task::yield_now().await;
    }
    assert!(ask(&street, &first).await.is_err(), "the old one is gone");
    street.close().await;
}

#[tokio::test]
async fn whoever_speaks_no_tls_is_no_client_and_holds_nobody_up() {
    let directory = tempdir().unwrap();
    let certificate = issue(directory.path());
    let files = TlsFiles {
        certificate: directory.path().join("certificate.pem"),
        key: directory.path().join("key.pem"),
    };
    let street = Street::open_with(ServerConfig { tls: Some(files), ..ServerConfig::default() }).await;
    let mut plain = TcpStream::connect(street.address).await.unwrap();
    plain.write_all(b"GET /health/live HTTP/1.1\r\n\r\n").await.unwrap();
    let silent = TcpStream::connect(street.address).await.unwrap();
    assert!(ask(&street, &certificate).await.is_ok());
    let mut answer = Vec::new();
    // An alert of TLS or a reset, and no word of HTTP.
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"));
    drop(silent);
    street.close().await;
}
