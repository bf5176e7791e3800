//! What a signature looks like in a JWS (RFC 7518 §3, RFC 8037 §3.1), and what others make of one: most services that hold
//! keys, and OpenSSL, give ECDSA's as DER (RFC 3279 §2.2.3).

use core::ops::RangeInclusive;
use std::borrow::Cow;

use der::asn1::UintRef;
use der::{Reader, SliceReader};

use super::jwa::{Curve, KeyKind, SignatureAlgorithm};
use crate::error::{Code, Error, Result};

impl SignatureAlgorithm {
    /// How many bytes its signatures have: those of RSA as many as the modulus, from 2048 to 16384 bits.
    #[must_use]
    pub const fn signature_lengths(&self) -> RangeInclusive<usize> {
        match self.key {
            KeyKind::Secret => self.hash.size()..=self.hash.size(),
            KeyKind::On(curve) => 2 * curve.size()..=2 * curve.size(),
            KeyKind::Rsa | KeyKind::Agreement => 256..=2048,
        }
    }

    /// A signature that was made elsewhere, as it stands in a JWS. The DER of ECDSA becomes R and S; it is told from them by its
    /// length, as what is as long as R and S is those.
    ///
    /// ```
    /// use canvas_lms_tokens::jose::jwa;
    ///
    /// let es256 = jwa::signature_named("ES256")?;
    /// let der = [&[0x30, 6, 2, 1, 5, 2, 1, 9][..]].concat();
    /// let signature = es256.signature(&der)?;
    /// assert_eq!((signature.len(), signature[31], signature[63]), (64, 5, 9));
    /// assert!(es256.signature(&[1; 96]).is_err());
    /// # Ok::<(), canvas_lms_tokens::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ERR_KEY_OPERATION` for what is no signature of this algorithm.
    pub fn signature<'s>(&self, given: &'s [u8]) -> Result<Cow<'s, [u8]>> {
        let lengths = self.signature_lengths();
        if lengths.contains(&given.len()) {
            return Ok(Cow::Borrowed(given));
        }
        let curve = match self.key {
            KeyKind::On(curve) if !curve.is_okp() => Some(curve),
            _ => None,
        };
        if let Some(signature) = curve.and_then(|curve| joined(given, curve)) {
            return Ok(Cow::Owned(signature));
        }
        let expected = match (curve, self.key) {
            (Some(_), _) => format!("{} of R and S, or their DER", lengths.start()),
            (None, KeyKind::Rsa) => "as many as the modulus, 256 or more".to_owned(),
            _ => lengths.start().to_string(),
        };
        let message = format!("a signature of {} bytes, {} has {expected}", given.len(), self.name);
        Err(Error::new(Code::KeyOperation, message).spec("RFC 7518 §3"))
    }
}

/// R and S of an ECDSA signature in DER, one behind the other, each as long as the curve's coordinates (RFC 7518 §3.4).
fn joined(der: &[u8], curve: Curve) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(der).ok()?;
    let numbers: [UintRef<'_>; 2] =
        reader.sequence(|inner| Ok::<_, der::Error>([inner.decode()?, inner.decode()?])).ok()?;
    reader.finish().ok()?;
    let mut joined = Vec::with_capacity(2 * curve.size());
    for number in numbers {
        let zeros = curve.size().checked_sub(number.as_bytes().len())?;
        joined.resize(joined.len() + zeros, 0);
        joined.extend_from_slice(number.as_bytes());
    }
    Some(joined)
}
