//! What an asymmetric key is made of, by the names that a JWK gives it (RFC 7518 §6.2, §6.3; RFC 8037 §2).

use zeroize::Zeroizing;

/// The parts of a key, each as big-endian bytes, zeroized when they are dropped.
#[derive(Clone, Default)]
pub struct Parts(Vec<(&'static str, Zeroizing<Vec<u8>>)>);

impl Parts {
    pub(crate) fn add(&mut self, name: &'static str, bytes: Zeroizing<Vec<u8>>) {
        self.0.push((name, bytes));
    }

    /// The part of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, bytes)| bytes.as_slice())
    }
}
