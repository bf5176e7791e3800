//! Signed tokens as the crate jose-jws has them, and back. It holds what was signed or read here; it reads no token for
//! this crate, since it has no place for header members that it does not know.
//!
//! ```
//! use canvas_lms_tokens::jose::{Key, Secret, SigningInput, UntrustedJws, Compact};
//! use canvas_lms_tokens::json::Object;
//! use jose_jws::{Flattened, General, Jws};
//!
//! let key = Key::secret(Secret::new(b"secret".to_vec(), "secret")?, None);
//! let input = SigningInput::new(b"text", &key, &Object::default())?;
//! let mac = input.mac().expect("a shared secret");
//! let token = input.seal(&mac);
//!
//! // A token becomes the JSON serializations of RFC 7515 §7.2.
//! let Compact::Jws(jws) = Compact::parse(&token)? else { panic!("signed, not encrypted") };
//! let flattened = Flattened::try_from(&jws)?;
//! assert_eq!(flattened.payload.as_deref().map(|payload| &payload[..]), Some(&b"text"[..]));
//! let general = General::from(flattened);
//!
//! // And comes back, where the compact serialization has a place for it.
//! let jws = UntrustedJws::try_from(&Jws::from(general))?;
//! assert_eq!(jws.to_string(), token);
//! # Ok::<(), canvas_lms_tokens::Error>(())
//! ```

use core::fmt;

use jose_jwa::Signing;
use jose_jws::{Flattened, General, Jws, Signature, Unprotected};

use super::compact::{Compact, UntrustedJws};
use super::jws::Verified;
use crate::error::{Code, Error, Result};

/// The header of a JWT that names its algorithm and type and nothing else, as JSON text.
pub(crate) fn jwt_header(alg: Signing) -> String {
    // The members that its two kinds of header have in common: its `Protected` writes `b64` where it is true, the default,
    // and leaves it out where it is false.
    let members = Unprotected { alg: Some(alg), typ: Some("JWT".to_owned()), ..Unprotected::default() };
    // Text can always be written.
    serde_json::to_string(&members).unwrap_or_default()
}

/// The token in compact serialization.
impl fmt::Display for UntrustedJws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.signing_input, self.parts.signature)
    }
}

/// # Errors
/// `ERR_JOSE_NOT_SUPPORTED` for a header that jose-jws does not hold: an `alg` that does not sign, or a member of another
/// type than RFC 7515 §4.1 gives it.
impl TryFrom<&UntrustedJws> for Flattened {
    type Error = Error;

    fn try_from(jws: &UntrustedJws) -> Result<Self> {
        let unfit = |_| {
            let message = "jose-jws does not hold this header, expected a signature's alg and members of their types";
            Error::new(Code::NotSupported, message).at("header").spec("RFC 7515 §4.1")
        };
        let protected = Some(jws.parts.protected.parse().map_err(unfit)?);
        let signature = Signature { protected, header: None, signature: jws.signature.clone().into() };
        Ok(Self { payload: Some(jws.payload.clone().into()), signature })
    }
}

/// # Errors
/// As of an [`UntrustedJws`].
impl TryFrom<&Verified> for Flattened {
    type Error = Error;

    fn try_from(verified: &Verified) -> Result<Self> {
        verified.jws().try_into()
    }
}

/// # Errors
/// `ERR_JOSE_NOT_SUPPORTED` for what the compact serialization has no place for, an unprotected header or none that is
/// protected; the errors of [`Compact::parse`].
impl TryFrom<&Flattened> for UntrustedJws {
    type Error = Error;

    fn try_from(flattened: &Flattened) -> Result<Self> {
        let Signature { protected, header, .. } = &flattened.signature;
        if header.is_some() {
            return Err(not_compact("an unprotected header"));
        }
        if protected.is_none() {
            return Err(not_compact("no protected header"));
        }
        match Compact::parse(&flattened.to_string())? {
            Compact::Jws(jws) => Ok(jws),
            Compact::Jwe(_) => Err(not_compact("five parts")),
        }
    }
}

/// # Errors
/// As of a [`Flattened`]; `ERR_JOSE_NOT_SUPPORTED` where it has another number of signatures than one.
impl TryFrom<&General> for UntrustedJws {
    type Error = Error;

    fn try_from(general: &General) -> Result<Self> {
        let [signature] = &general.signatures[..] else {
            return Err(not_compact(&format!("{} signatures", general.signatures.len())));
        };
        (&Flattened { payload: general.payload.clone(), signature: signature.clone() }).try_into()
    }
}

/// # Errors
/// As of a [`Flattened`] and a [`General`].
impl TryFrom<&Jws> for UntrustedJws {
    type Error = Error;

    fn try_from(jws: &Jws) -> Result<Self> {
        match jws {
            Jws::Flattened(flattened) => flattened.try_into(),
            Jws::General(general) => general.try_into(),
            _ => Err(not_compact("another serialization")),
        }
    }
}

fn not_compact(found: &str) -> Error {
    let message = format!("{found}, expected one signature with a protected header alone (compact serialization)");
    Error::new(Code::NotSupported, message).at("token").spec("RFC 7515 §7.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_a_jwt() {
        assert_eq!(jwt_header(Signing::Hs256), r#"{"alg":"HS256","typ":"JWT"}"#);
        assert_eq!(jwt_header(Signing::EdDsa), r#"{"alg":"EdDSA","typ":"JWT"}"#);
    }
}
