//! Single sign-on 统一身份认证: JSON Web Tokens of an OpenID Connect issuer, checked against its keys.
//!
//! 1. The key says which algorithm, never the token: `none`, shared secrets and a second algorithm for the same key are
//!    refused before anything is computed.
//! 2. The issuer is the one, the audience is ours, the time is between `nbf` and `exp`, give or take the skew of the
//!    clocks. `exp` is a must; what the token's `crit` asks for we do not know.
//! 3. One claim says who it is. Who that is here says the log: a member is bound to the hash of issuer and subject.

use super::{
    keys::{KeySource, Keys},
    token::hex,
};
use engine::{member::SignOnHash, moment::Moment};
use jsonwebtoken::{Validation, decode, decode_header, errors::ErrorKind};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::{io, time::Duration};

/// The longest token that is looked at, in bytes.
const JWT_BYTES_MAX: usize = 16 << 10;

/// The longest name of somebody, in characters; OpenID Connect allows no longer `sub`.
pub const SUBJECT_CHARS_MAX: usize = 255;

/// Which single sign-on is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleSignOnConfig {
    /// What `iss` says.
    pub issuer: String,
    /// One of these has to be in `aud`.
    pub audience: Vec<String>,
    /// Where the keys are.
    pub keys: KeySource,
    /// The claim that says who it is.
    pub claim: String,
    /// How far the clocks may be apart.
    pub clock_skew: Duration,
    /// After how long keys are asked for anew where a server has them.
    pub refresh: Duration,
}

/// Why a JSON Web Token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongJwt {
    /// It is none, or asks for what we do not know.
    #[error("the token is neither one of ours nor a JSON Web Token; 令牌既非本系统签发,也不是 JWT")]
    Malformed,
    /// The issuer has no such key, as far as is known.
    #[error("the token is signed with a key the issuer does not publish; 签名密钥未知")]
    UnknownKey,
    /// The key is for another algorithm.
    #[error("the token is signed by an algorithm its key is not for; 签名算法与密钥不符")]
    Algorithm,
    /// The signature is not the key's.
    #[error("the token's signature is wrong; 签名无效")]
    Signature,
    /// It is somebody else's.
    #[error("the token is of another issuer; 签发者不符")]
    Issuer,
    /// It is for somebody else.
    #[error("the token is for another audience; 受众不符")]
    Audience,
    /// Its time is over.
    #[error("the token has expired; 令牌已过期")]
    Expired,
    /// Its time has not come.
    #[error("the token is not good yet; 令牌尚未生效")]
    NotYet,
    /// It does not say who it is, or until when.
    #[error("the token does not say who it is of, or until when; 令牌缺少身份或有效期")]
    Incomplete,
}

/// What the single sign-on vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// Who it is.
    pub sign_on: SignOnHash,
    /// Until when the token is good, the skew of the clocks included.
    pub until: Moment,
}

/// The single sign-on of one street.
pub struct SingleSignOn {
    config: SingleSignOnConfig,
    keys: Keys,
}

/// What a token has to say; the name of who it is stands under a name of its own.
#[derive(Deserialize)]
struct Claims {
    #[serde(deserialize_with = "seconds")]
    exp: i64,
    #[serde(default, deserialize_with = "maybe_seconds")]
    nbf: Option<i64>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

impl SingleSignOn {
    /// Opens it with the keys that are there.
    ///
    /// # Errors
    /// When the keys are in a file that cannot be used.
    pub async fn open(config: SingleSignOnConfig) -> io::Result<Self> {
        let keys = Keys::open(config.keys.clone(), config.refresh).await?;
        Ok(Self { config, keys })
    }

    /// Its keys.
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Checks a token by the keys that are known.
    ///
    /// # Errors
    /// [`WrongJwt`] when it is not to be believed.
    pub fn verify(&self, token: &str, now: Moment) -> Result<Vouched, WrongJwt> {
        if token.len() > JWT_BYTES_MAX {
            return Err(WrongJwt::Malformed);
        }
        let header = decode_header(token).map_err(|_| WrongJwt::Malformed)?;
        if header.crit.is_some() {
            return Err(WrongJwt::Malformed);
        }
        let key = self.keys.find(header.kid.as_deref()).ok_or(WrongJwt::UnknownKey)?;
        if header.alg != key.algorithm {
            return Err(WrongJwt::Algorithm);
        }
        let mut validation = Validation::new(key.algorithm);
        validation.set_issuer(&[&self.config.issuer]);
        validation.set_audience(&self.config.audience);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // The time is ours to judge, by the clock of the ledger.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        let claims = decode::<Claims>(token, &key.key, &validation).map_err(|it| why(it.kind()))?.claims;
        let until = self.check_time(&claims, now)?;
        let subject = claims.others.get(&self.config.claim).and_then(Value::as_str);
        let subject = subject.filter(|it| is_subject(it)).ok_or(WrongJwt::Incomplete)?;
        Ok(Vouched { sign_on: sign_on_hash(&self.config.issuer, subject), until })
    }

    /// Until when the token is good, if it is now.
    fn check_time(&self, claims: &Claims, now: Moment) -> Result<Moment, WrongJwt> {
        let skew = i64::try_from(self.config.clock_skew.as_millis()).unwrap_or(i64::MAX);
        let until = claims.exp.saturating_mul(1000).saturating_add(skew);
        if now.millis() >= until {
            return Err(WrongJwt::Expired);
        }
        let from = claims.nbf.map(|nbf| nbf.saturating_mul(1000).saturating_sub(skew));
        if from.is_some_and(|from| now.millis() < from) {
            return Err(WrongJwt::NotYet);
        }
        Ok(Moment::from_millis(until))
    }
}

/// Whether this may be what an issuer calls somebody.
pub fn is_subject(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= SUBJECT_CHARS_MAX
}

/// What the log keeps of whom an issuer calls so.
pub fn sign_on_hash(issuer: &str, subject: &str) -> SignOnHash {
    // An issuer is a URL, so no line break is in it, and the two cannot run into each other.
    SignOnHash(hex(&Sha256::digest(format!("{issuer}\n{subject}").as_bytes())))
}

fn why(error: &ErrorKind) -> WrongJwt {
    match error {
        ErrorKind::InvalidIssuer => WrongJwt::Issuer,
        ErrorKind::InvalidAudience => WrongJwt::Audience,
        ErrorKind::InvalidSignature => WrongJwt::Signature,
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => WrongJwt::Algorithm,
        ErrorKind::MissingRequiredClaim(name) if name == "iss" => WrongJwt::Issuer,
        ErrorKind::MissingRequiredClaim(name) if name == "aud" => WrongJwt::Audience,
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::Json(_) | ErrorKind::InvalidClaimFormat(_) => {
            WrongJwt::Incomplete
        }
        _ => WrongJwt::Malformed,
    }
}

/// Seconds since 1970, which some issuers give with a fraction.
fn seconds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let number = serde_json::Number::deserialize(from)?;
    #[expect(clippy::cast_possible_truncation, reason = "a fraction of a second is left off; casts saturate")]
    let whole = number.as_i64().or_else(|| number.as_f64().map(|it| it as i64));
    whole.ok_or_else(|| serde::de::Error::custom("no number of seconds"))
}

fn maybe_seconds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    seconds(from).map(Some)
}
