//! JSON Web Token (RFC 7519 §7.2): a verified JWS whose payload is a claims set, checked by the rules of
//! [`claims`](super::claims).

use super::claims::{self, Expected, Facts};
use super::header::Header;
use super::jws::Verified;
use crate::error::{Code, Error, Result};
use crate::json::{self, Object};

/// What a token is to be compared with.
#[derive(Clone, Debug, Default)]
pub struct VerifyOptions {
    /// Narrows what the key allows.
    pub algorithms: Option<Vec<String>>,
    /// What the claims are compared with.
    pub expected: Expected,
}

/// A token whose signature and claims were verified.
#[derive(Debug)]
pub struct VerifiedJwt {
    /// The protected header.
    pub header: Header,
    /// The claims set.
    pub claims: Object,
    /// The claims set as sent.
    pub text: String,
}

/// Checks the claims of a token whose signature was verified.
///
/// # Errors
/// `ERR_JWT_INVALID` where the payload is no claims set; the errors of [`claims::verify`].
pub fn verified_jwt(jws: &Verified, expected: &Expected) -> Result<VerifiedJwt> {
    let (claims, text) = json::read_text(jws.payload()).map_err(|fault| {
        Error::from(fault).coded(Code::JwtInvalid).within("the payload: ", "payload").spec("RFC 7519 §7.2")
    })?;
    claims::verify(&Facts { header: jws.header(), claims: &claims, expected })?;
    Ok(VerifiedJwt { header: jws.header().clone(), claims, text: text.to_owned() })
}
