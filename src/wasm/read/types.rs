//! What arguments are made of: serde's own reading of numbers, bytes and lists would take more than these, or less, and name
//! them in Rust's words.

use core::fmt;

use serde::Deserialize;
use serde::de::{self, Visitor};
use zeroize::Zeroizing;

/// A whole number that a float holds exactly.
#[derive(Clone, Copy)]
pub(crate) struct Integer(pub(crate) i64);

/// Any number, infinite ones too.
#[derive(Clone, Copy)]
pub(crate) struct Number(pub(crate) f64);

/// A time or span in seconds: finite and not negative.
#[derive(Clone, Copy)]
pub(crate) struct Seconds(pub(crate) f64);

/// An array of strings.
pub(crate) struct Texts(pub(crate) Vec<String>);

/// A string, or an array of strings.
pub(crate) struct OneOrMore(pub(crate) Vec<String>);

/// Bytes, or text that stands for its UTF-8 bytes: a secret or a plaintext, zeroized when dropped.
pub(crate) struct Bytes(pub(crate) Zeroizing<Vec<u8>>);

/// Text that is secret, zeroized when dropped.
pub(crate) struct SecretText(pub(crate) Zeroizing<String>);

impl Bytes {
    /// The bytes for a type that zeroizes them itself.
    pub(crate) fn into_vec(mut self) -> Vec<u8> {
        core::mem::take(&mut self.0)
    }
}

/// Implements `Deserialize` by a visitor with these methods.
macro_rules! argument {
    ($name:ident, $expected:literal, { $($visit:item)* }) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
                struct Reader;

                impl<'de> Visitor<'de> for Reader {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    $($visit)*
                }

                deserializer.deserialize_any(Reader)
            }
        }
    };
}

argument!(Integer, "an integer", {
    fn visit_i64<E: de::Error>(self, value: i64) -> core::result::Result<Integer, E> {
        Ok(Integer(value))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> core::result::Result<Integer, E> {
        Err(E::custom("expected an integer of at most 2^53 - 1"))
    }
});

argument!(Number, "a number", {
    #[allow(clippy::cast_precision_loss)]
    fn visit_i64<E: de::Error>(self, value: i64) -> core::result::Result<Number, E> {
        Ok(Number(value as f64))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> core::result::Result<Number, E> {
        Ok(Number(value))
    }
});

argument!(Seconds, "a finite number that is not negative", {
    #[allow(clippy::cast_precision_loss)]
    fn visit_i64<E: de::Error>(self, value: i64) -> core::result::Result<Seconds, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> core::result::Result<Seconds, E> {
        if value.is_finite() && value >= 0.0 {
            Ok(Seconds(value))
        } else {
            Err(E::invalid_type(de::Unexpected::Float(value), &self))
        }
    }
});

argument!(Texts, "an array of strings", {
    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> core::result::Result<Texts, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(Texts(texts))
    }
});

argument!(OneOrMore, "a string or an array of strings", {
    fn visit_str<E: de::Error>(self, text: &str) -> core::result::Result<OneOrMore, E> {
        Ok(OneOrMore(vec![text.to_owned()]))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, items: A) -> core::result::Result<OneOrMore, A::Error> {
        Texts::deserialize(de::value::SeqAccessDeserializer::new(items)).map(|texts| OneOrMore(texts.0))
    }
});

argument!(SecretText, "a string", {
    fn visit_str<E: de::Error>(self, text: &str) -> core::result::Result<SecretText, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> core::result::Result<SecretText, E> {
        Ok(SecretText(Zeroizing::new(text)))
    }
});

argument!(Bytes, "a string or Uint8Array", {
    fn visit_str<E: de::Error>(self, text: &str) -> core::result::Result<Bytes, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> core::result::Result<Bytes, E> {
        Ok(Bytes(Zeroizing::new(text.into_bytes())))
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> core::result::Result<Bytes, E> {
        Ok(Bytes(Zeroizing::new(bytes)))
    }
});
