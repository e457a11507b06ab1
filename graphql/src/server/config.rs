//! How the server runs: parsed once, valid from then on.

use super::tls::TlsFiles;
use crate::{
    contacts::Contacts,
    http::{admission::Limits, documents::Documents},
    sign_in::SingleSignOnConfig,
};
use axum::http::HeaderValue;
use std::{path::PathBuf, time::Duration};

/// How the server runs.
#[derive(Clone)]
pub struct ServerConfig {
    /// How long requests may take to finish once the server ends.
    pub drain: Duration,
    /// How often it is looked whether time has changed something, such as a claim that lapsed.
    pub tick: Duration,
    /// How much anybody may ask.
    pub limits: Limits,
    /// Pages of these origins may ask, too; of others, browsers do not let them.
    pub origins: Vec<HeaderValue>,
    /// From when on an operation is slow.
    pub slow: Duration,
    /// Which documents run.
    pub documents: Documents,
    /// Whether the schema may be asked about.
    pub introspection: bool,
    /// Where the log is, if its size is to be told.
    pub store: Option<PathBuf>,
    /// Whom to call, when the server keeps that.
    pub contacts: Option<Contacts>,
    /// Whether an emergency that opens, and quantity that is given free, are planned at once.
    pub replan: bool,
    /// Certificate and key, when the server speaks TLS.
    pub tls: Option<TlsFiles>,
    /// The single sign-on that is believed, if one is.
    pub single_sign_on: Option<SingleSignOnConfig>,
}

impl Default for ServerConfig {
    /// What a street needs: ten seconds to finish, a look every minute, no emergency left waiting.
    fn default() -> Self {
        Self {
            drain: Duration::from_secs(10),
            tick: Duration::from_secs(60),
            limits: Limits::default(),
            origins: Vec::new(),
            slow: Duration::from_secs(1),
            documents: Documents::default(),
            introspection: true,
            store: None,
            contacts: None,
            replan: true,
            tls: None,
            single_sign_on: None,
        }
    }
}
