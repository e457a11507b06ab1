//! How jsonwebtoken asks ring whether a signature is good. It signs nothing, and knows no shared secrets: a key that is
//! public is never taken for one.

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind, Result},
};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, UnparsedPublicKey, VerificationAlgorithm,
};
use signature::Verifier;

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: no_signer,
    verifier_factory: verifier,
    // Thumbprints and private keys, which nobody asks for here.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes ring the provider of this process. Once is enough, and more do no harm.
pub(super) fn install() {
    let _ = PROVIDER.install_default();
}

/// One key with the one algorithm it is for.
struct RingVerifier {
    algorithm: Algorithm,
    check: &'static dyn VerificationAlgorithm,
    key: Vec<u8>,
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let key = UnparsedPublicKey::new(self.check, &self.key);
        key.verify(message, signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let check: &'static dyn VerificationAlgorithm = match algorithm {
        Algorithm::RS256 => &RSA_PKCS1_2048_8192_SHA256,
        Algorithm::RS384 => &RSA_PKCS1_2048_8192_SHA384,
        Algorithm::RS512 => &RSA_PKCS1_2048_8192_SHA512,
        Algorithm::PS256 => &RSA_PSS_2048_8192_SHA256,
        Algorithm::PS384 => &RSA_PSS_2048_8192_SHA384,
        Algorithm::PS512 => &RSA_PSS_2048_8192_SHA512,
        Algorithm::ES256 => &ECDSA_P256_SHA256_FIXED,
        Algorithm::ES384 => &ECDSA_P384_SHA384_FIXED,
        Algorithm::EdDSA => &ED25519,
        _ => return Err(Error::from(ErrorKind::UnsupportedAlgorithm)),
    };
    if algorithm.family() != key.family() || key.family() == AlgorithmFamily::Hmac {
        return Err(Error::from(ErrorKind::InvalidAlgorithm));
    }
    let key = key.try_get_as_bytes()?.to_vec();
    Ok(Box::new(RingVerifier { algorithm: *algorithm, check, key }))
}

fn no_signer(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    Err(Error::from(ErrorKind::UnsupportedAlgorithm))
}

/// An RSA key as ring takes it: `RSAPublicKey` of PKCS #1 in DER, of the numbers that a JWK holds.
pub(super) fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let numbers = [integer(modulus), integer(exponent)].concat();
    element(0x30, &numbers)
}

/// A positive number, without zeros before it but the one that keeps it positive.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let digits = bytes.get(from..).unwrap_or_default();
    let sign: &[u8] = if digits.first().is_none_or(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
    element(0x02, &[sign, digits].concat())
}

/// Tag, length, contents.
fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let from = length.iter().position(|byte| *byte != 0).unwrap_or(length.len());
    let length = length.get(from..).unwrap_or_default();
    let short = matches!(length, [] | [0..=0x7f]);
    let mut written = vec![tag];
    match (short, u8::try_from(length.len())) {
        (true, _) => written.push(length.first().copied().unwrap_or(0)),
        (false, count) => {
            written.push(0x80 | count.unwrap_or(0));
            written.extend(length);
        }
    }
    written.extend(contents);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_der_wants_them() {
        for (bytes, expected) in [
            (&[1, 0, 1][..], &[2, 3, 1, 0, 1][..]),
            (&[0, 0, 1], &[2, 1, 1]),
            (&[0x80], &[2, 2, 0, 0x80]),
            (&[], &[2, 1, 0]),
        ] {
            assert_eq!(integer(bytes), expected);
        }
        for (length, head) in
            [(0x7f, &[4, 0x7f][..]), (0x80, &[4, 0x81, 0x80]), (0x1234, &[4, 0x82, 0x12, 0x34])]
        {
            let written = element(4, &vec![7; length]);
            assert!(written.starts_with(head) && written.len() == head.len() + length);
        }
    }
}
