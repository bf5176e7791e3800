//! What is put into a store that others can read or write: a JWE (RFC 7516, `dir` with A256GCM) whose header carries the name
//! of the entry, so that no entry can be read, changed, or put under another name.

use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::jose::mac::derive;
use crate::jose::{Decryption, Encryption, Key, Keys, Material, Random, Recipient, Secret};
use crate::json::{Json, Object};
use crate::state::check_secrets;

/// What tells the derived keys from those of other purposes.
const PURPOSE: &[u8] = b"canvas-lms-tokens store";

/// What seals the entries of a store, and opens them again.
///
/// ```
/// use canvas_lms_tokens::jose::Secret;
/// use canvas_lms_tokens::lti13::Sealer;
///
/// let sealer = Sealer::new(&[Secret::new(vec![7; 32], "secret")?], "secret")?;
/// let mut random = |bytes: &mut [u8]| Ok(bytes.fill(9)); // Of the platform, and never twice the same.
/// let sealed = sealer.seal("name", "value", &mut random)?;
/// assert_eq!(sealer.open("name", &sealed, &mut random).as_deref().map(String::as_str), Some("value"));
/// assert_eq!(sealer.open("other", &sealed, &mut random), None);
/// # Ok::<(), canvas_lms_tokens::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sealer {
    /// Of each secret the key, as [`Keys`] for what reads tokens.
    keys: Vec<Keys>,
}

impl Sealer {
    /// What seals with the first of these secrets and opens with each, so that a secret can be replaced. `at` names them for
    /// the error.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for no secret, and for one of less than 32 bytes.
    pub fn new(secrets: &[Secret], at: &str) -> Result<Self> {
        check_secrets(secrets, at)?;
        let keyed = |secret: &Secret| {
            let derived = derive(secret.as_bytes(), PURPOSE);
            Key::new(Material::Oct(Secret::from_key_bytes(derived))).into()
        };
        Ok(Self { keys: secrets.iter().map(keyed).collect() })
    }

    /// The value sealed for this name.
    ///
    /// # Errors
    /// Those of `random`.
    pub fn seal(&self, name: &str, value: &str, random: Random<'_>) -> Result<String> {
        let header = [("alg", Json::from("dir")), ("enc", Json::from("A256GCM")), ("name", Json::from(name))];
        let Some(Keys::One(key)) = self.keys.first() else {
            return Err(Error::argument("secret", "no secret"));
        };
        let encryption = Encryption::new(key, Object::from_iter(header), random)?;
        encryption.seal(value.as_bytes(), Recipient::Shared, random)
    }

    /// The value that was sealed for this name, or nothing for what was not sealed so.
    #[must_use]
    pub fn open(&self, name: &str, sealed: &str, random: Random<'_>) -> Option<Zeroizing<String>> {
        let (alg, enc) = (["dir".to_owned()], ["A256GCM".to_owned()]);
        self.keys.iter().find_map(|keys| {
            let decryption = Decryption::new(sealed, keys, Some(&alg), Some(&enc)).ok()?;
            let (header, value) = decryption.decrypt(None, random).ok()?;
            if header.members().text("name") != Some(name) {
                return None;
            }
            core::str::from_utf8(&value).ok().map(|value| Zeroizing::new(value.to_owned()))
        })
    }
}
