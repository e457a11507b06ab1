//! Which single sign-on `gongjian serve` believes, as the command line says it.

use crate::{
    outgoing::Url,
    sign_in::{KeySource, SingleSignOnConfig},
};
use clap::Args;
use std::time::Duration;

/// Issuer, audience and keys: all three, or none of them.
#[derive(Debug, Args)]
pub(super) struct SingleSignOnFlags {
    /// Take JSON Web Tokens of this issuer of single sign-on 统一身份认证, as they say it in `iss`
    #[arg(
        long,
        env = "GONGJIAN_OIDC_ISSUER",
        value_name = "URL",
        requires_all = ["oidc_audience", "oidc_jwks"]
    )]
    oidc_issuer: Option<String>,
    /// What their `aud` has to name: this server; may be given several times
    #[arg(
        long,
        env = "GONGJIAN_OIDC_AUDIENCE",
        value_name = "TEXT",
        value_delimiter = ',',
        requires = "oidc_issuer"
    )]
    oidc_audience: Vec<String>,
    /// The issuer's keys: a JWKS file, read anew when it changes, or its https address; both also on SIGHUP
    #[arg(
        long,
        env = "GONGJIAN_OIDC_JWKS",
        value_name = "FILE|URL",
        requires = "oidc_issuer",
        value_parser = key_source
    )]
    oidc_jwks: Option<KeySource>,
    /// The claim that says who somebody is; `member bind` binds it to a login
    #[arg(long, env = "GONGJIAN_OIDC_CLAIM", value_name = "NAME", default_value = "sub")]
    oidc_claim: String,
    /// How many seconds the issuer's clock and ours may be apart
    #[arg(
        long,
        env = "GONGJIAN_OIDC_CLOCK_SKEW",
        value_name = "SECONDS",
        default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(..=600)
    )]
    oidc_clock_skew: u64,
    /// After how many seconds the issuer's keys are asked for anew at its address: so long a withdrawn one stays good
    #[arg(
        long,
        env = "GONGJIAN_OIDC_REFRESH",
        value_name = "SECONDS",
        default_value_t = 300,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    oidc_refresh: u64,
}

impl SingleSignOnFlags {
    /// What they say; nothing when no issuer is named.
    pub(super) fn config(&self) -> Option<SingleSignOnConfig> {
        Some(SingleSignOnConfig {
            issuer: self.oidc_issuer.clone()?,
            audience: self.oidc_audience.clone(),
            keys: self.oidc_jwks.clone()?,
            claim: self.oidc_claim.clone(),
            clock_skew: Duration::from_secs(self.oidc_clock_skew),
            refresh: Duration::from_secs(self.oidc_refresh),
        })
    }
}

/// A URL when it looks like one, or else a file.
fn key_source(text: &str) -> Result<KeySource, String> {
    if text.contains("://") {
        text.parse::<Url>().map(KeySource::Url)
    } else {
        Ok(KeySource::File(text.into()))
    }
}
