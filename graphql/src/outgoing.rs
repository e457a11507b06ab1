//! The calls this program makes by itself, each only because the operator named whom to call: the keys of a single
//! sign-on, and a collector of spans.
//!
//! 1. No redirect is followed, no proxy of the environment is asked, and every call has a limit of time and of length.
//! 2. Certificates are checked against those this machine trusts (`SSL_CERT_FILE` names others). Plain http goes to this
//!    machine only: whoever changes an answer on the way would sign in as anybody.

use axum::http::{Request, Response, Uri};
use std::{fmt, io, net::IpAddr, str::FromStr, sync::Arc, time::Duration};
use tokio_rustls::rustls::crypto::ring;
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

/// How long a call may take from its first byte to its last.
const CALL_TIME: Duration = Duration::from_secs(5);

/// The most that is read of an answer to which nobody listens.
const ANSWER_BYTES_MAX: u64 = 64 << 10;

/// Whom to call: `https://…`, or `http://…` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url(Uri);

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri: Uri = text.parse().map_err(|_| format!("{text:?} is no URL"))?;
        let host = uri.host().unwrap_or_default();
        let is_near = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|it| it.is_loopback());
        match uri.scheme_str() {
            Some("https") if !host.is_empty() => Ok(Self(uri)),
            Some("http") if is_near => Ok(Self(uri)),
            Some("http") => Err(format!("{text:?}: http only on this machine; elsewhere https")),
            _ => Err(format!("{text:?} is neither https://… nor http://localhost…")),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A client of its own, with the certificates that are trusted now when they are needed.
fn agent(url: &Uri) -> Agent {
    let roots: Vec<Certificate<'static>> = match url.scheme_str() {
        Some("https") => {
            let found = rustls_native_certs::load_native_certs();
            for error in found.errors {
                tracing::warn!(%error, "a certificate this machine trusts cannot be read");
            }
            found.certs.iter().map(|it| Certificate::from_der(it).to_owned()).collect()
        }
        _ => Vec::new(),
    };
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(CALL_TIME))
        .user_agent("gongjian")
        .build()
        .new_agent()
}

/// What lies at a URL.
///
/// # Errors
/// When it does not come in time, is longer than `bytes_max`, or is no 200.
pub async fn get(url: Url, bytes_max: u64) -> io::Result<Vec<u8>> {
    let read = move || {
        let mut answer = agent(&url.0).get(&url.0).call().map_err(io::Error::other)?;
        if answer.status() != 200 {
            return Err(io::Error::other(format!("it answers {}", answer.status())));
        }
        answer.body_mut().with_config().limit(bytes_max).read_to_vec().map_err(io::Error::other)
    };
    tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
}

/// Sends requests to one server, on the thread it is called on, and keeps the connection.
#[derive(Clone)]
pub struct Sender(Agent);

impl fmt::Debug for Sender {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Sender")
    }
}

impl Sender {
    /// A client for this server.
    pub fn to(url: &Url) -> Self {
        Self(agent(&url.0))
    }

    /// Sends one request.
    ///
    /// # Errors
    /// When no answer comes in time. An answer that is a refusal is an answer.
    pub fn send(&self, request: Request<&[u8]>) -> Result<Response<Vec<u8>>, ureq::Error> {
        let (parts, body) = self.0.run(request)?.into_parts();
        let mut body = body;
        let said = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        Ok(Response::from_parts(parts, said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for good in [
            "https://sso.street.example/keys",
            "http://localhost:9000/keys",
            "http://127.0.0.1/",
            "http://[::1]:4318",
        ] {
            assert!(good.parse::<Url>().is_ok(), "{good}");
        }
        for bad in [
            "http://sso.street.example/keys",
            "http://10.0.0.1/",
            "ftp://localhost/",
            "keys.json",
            "",
            "https://",
        ] {
            assert!(bad.parse::<Url>().is_err(), "{bad}");
        }
    }
}
