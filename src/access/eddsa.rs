//! Ed25519 (RFC 8032) by OpenSSL, for the library of JSON Web Tokens. OpenSSL is there for TLS, to PostgreSQL and to
//! payment gateways; a second cryptographic library would be built and watched for this alone.
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
};
use openssl::{
    pkey::{Id, PKey, Private, Public},
    sign,
};
use signature::{Error as Unsigned, Signer, Verifier};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| signer(*algorithm, key),
    verifier_factory: |algorithm, key| verifier(*algorithm, key),
    // Keys as JSON are made by ourselves.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes this the cryptography of all tokens of the process.
pub fn install() {
    // The second server of a process finds it in place.
    let _ = PROVIDER.install_default();
}

fn unusable<E>(_: E) -> Error {
    ErrorKind::InvalidEddsaKey.into()
}

fn demand(algorithm: Algorithm) -> Result<(), Error> {
    if algorithm == Algorithm::EdDSA { Ok(()) } else { Err(ErrorKind::InvalidAlgorithm.into()) }
}

fn signer(algorithm: Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    demand(algorithm)?;
    Ok(Box::new(Signing(PKey::private_key_from_pkcs8(key.as_bytes()).map_err(unusable)?)))
}

fn verifier(algorithm: Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    demand(algorithm)?;
    let key = PKey::public_key_from_raw_bytes(key.try_get_as_bytes()?, Id::ED25519).map_err(unusable)?;
    Ok(Box::new(Verifying(key)))
}

struct Signing(PKey<Private>);

impl Signer<Vec<u8>> for Signing {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Unsigned> {
        let signer = sign::Signer::new_without_digest(&self.0);
        signer.and_then(|mut signer| signer.sign_oneshot_to_vec(message)).map_err(Unsigned::from_source)
    }
}

impl JwtSigner for Signing {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Verifying(PKey<Public>);

impl Verifier<Vec<u8>> for Verifying {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Unsigned> {
        let verifier = sign::Verifier::new_without_digest(&self.0);
        let fits = verifier.and_then(|mut verifier| verifier.verify_oneshot(signature, message));
        if fits.map_err(Unsigned::from_source)? { Ok(()) } else { Err(Unsigned::new()) }
    }
}

impl JwtVerifier for Verifying {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
