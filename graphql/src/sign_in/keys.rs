//! The keys of a single sign-on: a JWKS from a file or from the server that has it, each key with the one algorithm it
//! is for.
//!
//! 1. A key that is not known is asked for at once, though never more often than every [`PAUSE`], whoever asks: somebody
//!    who makes keys up costs the server one question in that time. All that come meanwhile wait for the same answer.
//! 2. Keys are read anew when the file has changed, as often as is configured from a server, and on SIGHUP; one
//!    that was withdrawn opens no door from then on.
//! 3. What cannot be read, or holds no key that can be used, changes nothing: the keys that are known go on.
//! 4. Shared secrets are no keys here, and neither is what is for encryption.

use super::ring_provider;
use crate::{outgoing, server::hangup::Hangups};
use arc_swap::ArcSwap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;
use std::{
    fmt, io,
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::{sync::Mutex, time::Instant};

/// How long at least from one asking for an unknown key to the next.
const PAUSE: Duration = Duration::from_secs(10);

/// How often it is looked whether the file has changed.
const LOOK: Duration = Duration::from_secs(5);

/// The longest JWKS, in bytes.
const BYTES_MAX: u64 = 256 << 10;

/// The most keys that are looked at.
const KEYS_MAX: usize = 100;

/// Where the keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file.
    File(PathBuf),
    /// A server, by https, or by http on this machine.
    Url(outgoing::Url),
}

impl fmt::Display for KeySource {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(out),
            Self::Url(url) => url.fmt(out),
        }
    }
}

impl KeySource {
    /// What is there.
    async fn read(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::File(path) => tokio::fs::read(path).await,
            Self::Url(url) => outgoing::get(url.clone(), BYTES_MAX).await,
        }
    }

    /// When the file was written last; nothing for a server.
    fn written(&self) -> Option<SystemTime> {
        match self {
            Self::File(path) => std::fs::metadata(path).and_then(|it| it.modified()).ok(),
            Self::Url(_) => None,
        }
    }
}

/// One key that signs.
#[derive(Clone)]
pub(super) struct Key {
    id: Option<String>,
    /// The only algorithm it is for.
    pub(super) algorithm: Algorithm,
    /// The key itself.
    pub(super) key: DecodingKey,
}

/// The keys, as they are known now.
pub struct Keys {
    source: KeySource,
    /// How often a server of keys is asked anyway.
    refresh: Duration,
    known: ArcSwap<Vec<Key>>,
    /// When somebody last wanted a key that was not known.
    asked: Mutex<Option<Instant>>,
}

impl Keys {
    /// The keys of a source.
    ///
    /// # Errors
    /// When a file cannot be used: whoever starts the server is there to mend it. A server that is away may come back.
    pub(super) async fn open(source: KeySource, refresh: Duration) -> io::Result<Self> {
        ring_provider::install();
        let keys = Self { source, refresh, known: ArcSwap::default(), asked: Mutex::new(None) };
        match (keys.reload().await, &keys.source) {
            (Ok(()), _) => Ok(keys),
            (Err(error), KeySource::File(_)) => Err(error),
            (Err(error), KeySource::Url(_)) => {
                tracing::warn!(%error, "the keys of the single sign-on are not there yet");
                Ok(keys)
            }
        }
    }

    /// The key of this number; without a number, the only one.
    pub(super) fn find(&self, id: Option<&str>) -> Option<Key> {
        let known = self.known.load();
        match (id, known.as_slice()) {
            (Some(id), keys) => keys.iter().find(|key| key.id.as_deref() == Some(id)).cloned(),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        }
    }

    /// Reads them anew because one is not known, unless that was done just now.
    pub(super) async fn refresh(&self) {
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|at| at.elapsed() < PAUSE) {
            return;
        }
        if let Err(error) = self.reload().await {
            tracing::warn!(%error, "the keys of the single sign-on were not read anew");
        }
        *asked = Some(Instant::now());
    }

    async fn reload(&self) -> io::Result<()> {
        let said = |error: &dyn fmt::Display| io::Error::other(format!("{}: {error}", self.source));
        let bytes = self.source.read().await.map_err(|error| said(&error))?;
        let keys = read(&bytes).map_err(|error| said(&error))?;
        tracing::info!(keys = keys.len(), source = %self.source, "the keys of the single sign-on were read");
        self.known.store(Arc::new(keys));
        Ok(())
    }

    /// Keeps them new, for ever.
    pub(crate) async fn follow(&self) {
        let mut written = self.source.written();
        let mut hangups = Hangups::new();
        let time = match self.source {
            KeySource::File(_) => LOOK,
            KeySource::Url(_) => self.refresh,
        };
        loop {
            let must = hangups.or_after(time).await;
            let now = self.source.written();
            if !must && matches!(self.source, KeySource::File(_)) && (now.is_none() || now == written) {
                continue;
            }
            match self.reload().await {
                Ok(()) => written = now,
                Err(error) => tracing::error!(%error, "the keys of the single sign-on were not read anew"),
            }
        }
    }
}

/// Why a JWKS gives no keys.
#[derive(Debug, thiserror::Error)]
enum NoKeys {
    #[error("this is no JWKS: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("no key that signs (RS, PS, ES256, ES384, EdDSA) is in it")]
    None,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

/// The keys of a JWKS that sign by an algorithm we check; others are passed over.
fn read(bytes: &[u8]) -> Result<Vec<Key>, NoKeys> {
    let set: Set = serde_json::from_slice(bytes)?;
    let keys: Vec<Key> = set.keys.into_iter().take(KEYS_MAX).filter_map(usable).collect();
    if keys.is_empty() { Err(NoKeys::None) } else { Ok(keys) }
}

fn usable(value: Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    // What the key's kind allows, the usual one first.
    let fitting: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => &[
            Algorithm::RS256,
            Algorithm::RS384,
            Algorithm::RS512,
            Algorithm::PS256,
            Algorithm::PS384,
            Algorithm::PS512,
        ],
        AlgorithmParameters::EllipticCurve(it) => match it.curve {
            EllipticCurve::P256 => &[Algorithm::ES256],
            EllipticCurve::P384 => &[Algorithm::ES384],
            _ => &[],
        },
        AlgorithmParameters::OctetKeyPair(it) if it.curve == EllipticCurve::Ed25519 => &[Algorithm::EdDSA],
        _ => &[],
    };
    let algorithm = match jwk.common.key_algorithm {
        None => fitting.first().copied(),
        Some(said) => Algorithm::try_from(said).ok().filter(|it| fitting.contains(it)),
    }?;
    let number = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
    let key = match &jwk.algorithm {
        AlgorithmParameters::RSA(it) => {
            DecodingKey::from_rsa_der(&ring_provider::rsa_key(&number(&it.n)?, &number(&it.e)?))
        }
        _ => DecodingKey::from_jwk(&jwk).ok()?,
    };
    Some(Key { id: jwk.common.key_id, algorithm, key })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_key_has_one_algorithm_and_what_does_not_sign_is_passed_over() {
        let point = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
        let rsa = |alg: Value| json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": alg });
        let curve =
            |crv: &str, alg: Value| json!({ "kty": "EC", "crv": crv, "x": point, "y": point, "alg": alg });
        let cases = [
            (rsa(Value::Null), Some(Algorithm::RS256)),
            (rsa(json!("PS512")), Some(Algorithm::PS512)),
            (rsa(json!("HS256")), None),
            (rsa(json!("ES256")), None),
            (rsa(json!("RSA-OAEP")), None),
            (rsa(json!("none")), None),
            (curve("P-256", Value::Null), Some(Algorithm::ES256)),
            (curve("P-384", json!("ES256")), None),
            (curve("P-521", Value::Null), None),
            (json!({ "kty": "OKP", "crv": "Ed25519", "x": point }), Some(Algorithm::EdDSA)),
            (json!({ "kty": "oct", "k": "c2VjcmV0", "alg": "HS256" }), None),
            (json!({ "kty": "new", "alg": "new" }), None),
            (json!({ "kty": "EC", "crv": "P-256", "x": point, "y": point, "use": "enc" }), None),
        ];
        for (key, expected) in &cases {
            assert_eq!(usable(key.clone()).map(|it| it.algorithm), *expected, "{key}");
        }
        let all: Vec<Value> = cases.iter().map(|(key, _)| key.clone()).collect();
        assert_eq!(read(json!({ "keys": all }).to_string().as_bytes()).unwrap().len(), 4);
        for nothing in ["", "[]", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}"] {
            assert!(read(nothing.as_bytes()).is_err(), "{nothing}");
        }
    }
}
