//! How a server is protected and watched, as the command line says it.

use super::failure::Failure;
use crate::{
    ServerConfig, TlsFiles,
    http::{admission::Limits, documents::Documents},
};
use axum::http::{HeaderValue, Uri};
use clap::Args;
use std::{net::IpAddr, path::PathBuf, time::Duration};

/// Limits, TLS, documents and logs of `gongjian serve`.
#[derive(Debug, Args)]
pub(super) struct Protection {
    /// Certificate chain in PEM: the server speaks TLS; read anew when it changes, and on SIGHUP
    #[arg(long, env = "GONGJIAN_TLS_CERTIFICATE", value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// Key of the certificate, in PEM
    #[arg(long, env = "GONGJIAN_TLS_KEY", value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Let pages of this origin ask, such as https://screen.example; may be given several times
    #[arg(long, env = "GONGJIAN_CORS", value_name = "ORIGIN", value_delimiter = ',', value_parser = origin)]
    cors: Vec<HeaderValue>,
    /// Requests a second of one token of a member; 0 is no limit
    #[arg(long, env = "GONGJIAN_MEMBER_RATE", value_name = "N", default_value_t = Limits::default().member_rate)]
    member_rate: u32,
    /// Requests a second of one address without sign-in; 0 is no limit
    #[arg(long, env = "GONGJIAN_ADDRESS_RATE", value_name = "N", default_value_t = Limits::default().address_rate)]
    address_rate: u32,
    /// Connections of one address at once; behind a proxy, requests under way
    #[arg(
        long,
        env = "GONGJIAN_ADDRESS_CONNECTIONS",
        value_name = "N",
        default_value_t = Limits::default().connections_per_address
    )]
    address_connections: usize,
    /// Sockets of all addresses at once
    #[arg(long, env = "GONGJIAN_SOCKETS", value_name = "N", default_value_t = Limits::default().sockets)]
    sockets: usize,
    /// Sockets of one address at once
    #[arg(
        long,
        env = "GONGJIAN_ADDRESS_SOCKETS",
        value_name = "N",
        default_value_t = Limits::default().sockets_per_address
    )]
    address_sockets: usize,
    /// Sockets without sign-in at once, of one address an eighth of them
    #[arg(
        long,
        env = "GONGJIAN_PUBLIC_SOCKETS",
        value_name = "N",
        default_value_t = Limits::default().public_sockets
    )]
    public_sockets: usize,
    /// Proxy whose X-Forwarded-For is believed; may be given several times
    #[arg(long, env = "GONGJIAN_PROXY", value_name = "ADDR", value_delimiter = ',')]
    proxy: Vec<IpAddr>,
    /// Most seconds an operation may run
    #[arg(
        long,
        env = "GONGJIAN_TIME",
        value_name = "SECONDS",
        default_value_t = Limits::default().operation_time.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    time: u64,
    /// Give up the connection of a client that takes nothing of an answer for so many seconds
    #[arg(
        long,
        env = "GONGJIAN_WRITE_TIME",
        value_name = "SECONDS",
        default_value_t = Limits::default().write_time.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    write_time: u64,
    /// Name operations in the log that take as many milliseconds or more
    #[arg(long, env = "GONGJIAN_SLOW", value_name = "MS", default_value_t = 1000)]
    slow: u64,
    /// Run only the documents of this file: JSON of ids and texts, as Relay or Apollo writes it
    #[arg(long, env = "GONGJIAN_DOCUMENTS", value_name = "FILE")]
    documents: Option<PathBuf>,
    /// Answer no questions about the schema
    #[arg(long, env = "GONGJIAN_NO_INTROSPECTION")]
    no_introspection: bool,
}

impl Protection {
    /// What it says, for a log in `store`.
    pub(super) fn config(&self, store: PathBuf) -> Result<ServerConfig, Failure> {
        let documents = match &self.documents {
            None => Documents::default(),
            Some(file) => {
                let said =
                    |error: &dyn std::fmt::Display| Failure::Said(format!("{}: {error}", file.display()));
                let list = std::fs::read_to_string(file).map_err(|error| said(&error))?;
                Documents::listed(&list).map_err(|error| said(&error))?
            }
        };
        let tls = match (&self.tls_certificate, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                Some(TlsFiles { certificate: certificate.clone(), key: key.clone() })
            }
            _ => None,
        };
        let limits = Limits {
            member_rate: self.member_rate,
            address_rate: self.address_rate,
            connections_per_address: self.address_connections,
            sockets: self.sockets,
            sockets_per_address: self.address_sockets,
            public_sockets: self.public_sockets,
            operation_time: Duration::from_secs(self.time),
            write_time: Duration::from_secs(self.write_time),
            proxies: self.proxy.clone(),
            ..Limits::default()
        };
        Ok(ServerConfig {
            limits,
            origins: self.cors.clone(),
            slow: Duration::from_millis(self.slow),
            documents,
            introspection: !self.no_introspection,
            store: Some(store),
            tls,
            ..ServerConfig::default()
        })
    }
}

/// `https://host[:port]` and nothing behind it.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let wrong = || format!("{text:?} is no origin such as https://screen.example");
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let is_origin = matches!(uri.scheme_str(), Some("http" | "https")) && uri.authority().is_some();
    let (scheme, authority) = (uri.scheme_str().unwrap_or_default(), uri.authority());
    let plain = format!("{scheme}://{}", authority.map_or("", |it| it.as_str()));
    if is_origin && plain == text { HeaderValue::from_str(text).map_err(|_| wrong()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_and_host_and_nothing_more() {
        for right in ["https://screen.example", "http://127.0.0.1:3000"] {
            assert_eq!(origin(right).unwrap(), right);
        }
        for wrong in ["*", "screen.example", "https://screen.example/", "ftp://screen.example", "null", ""] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
