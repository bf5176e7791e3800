//! DER (X.690), as far as keys and certificates need it: one element after the other, each a tag, a length and a
//! content. Refuses lengths that are not in their shortest form or over 64 KiB.

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xa0;

/// The elements that are still to be read. What gives nothing found another element, or none.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(der: &'a [u8]) -> Self {
        Self(der)
    }

    /// The tag of the next element.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The content of the next element, whatever it is.
    pub(crate) fn any(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = match self.0 {
            [_, length @ ..=0x7f, rest @ ..] | [_, 0x81, length @ 0x80..=0xff, rest @ ..] => {
                (usize::from(*length), rest)
            }
            [_, 0x82, high @ 1..=0xff, low, rest @ ..] => (usize::from(u16::from_be_bytes([*high, *low])), rest),
            _ => return None,
        };
        let content;
        (content, self.0) = rest.split_at_checked(length)?;
        Some(content)
    }

    /// The content of the next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        if self.peek() == Some(tag) { self.any() } else { None }
    }

    pub(crate) fn sequence(&mut self) -> Option<Self> {
        self.take(SEQUENCE).map(Self)
    }

    /// An integer that is not negative, without the zero byte that keeps it so.
    pub(crate) fn unsigned(&mut self) -> Option<&'a [u8]> {
        let content = self.take(INTEGER)?;
        match content {
            [0] | [1..=0x7f, ..] => Some(content),
            [0, 0x80..=0xff, ..] => content.get(1..),
            _ => None,
        }
    }

    /// Passes over what is left.
    pub(crate) fn skip(&mut self) -> Option<()> {
        while !self.is_empty() {
            self.any()?;
        }
        Some(())
    }

    /// What is left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_in_their_shortest_form() {
        let long = |head: &[u8], length: usize| [head, &vec![0; length]].concat();
        for (der, length) in [
            (long(&[4, 0], 0), Some(0)),
            (long(&[4, 0x7f], 127), Some(127)),
            (long(&[4, 0x81, 0x80], 128), Some(128)),
            (long(&[4, 0x82, 1, 0], 256), Some(256)),
            (long(&[4, 0x82, 0xff, 0xff], 65535), Some(65535)),
            (long(&[4, 0x81, 0x7f], 127), None),
            (long(&[4, 0x82, 0, 0xff], 255), None),
            (long(&[4, 0x83, 1, 0, 0], 65536), None),
            (long(&[4, 0x80], 2), None),
            (long(&[4, 2], 1), None),
            (vec![4], None),
            (vec![], None),
        ] {
            let mut reader = Reader::new(&der);
            assert_eq!(reader.take(OCTET_STRING).map(<[u8]>::len), length, "{:02x?}", der.get(..4));
            assert_eq!(reader.is_empty(), length.is_some() || der.is_empty());
        }
    }

    #[test]
    fn integers_are_not_negative_and_in_their_shortest_form() {
        for (content, number) in [
            (&[0][..], Some(&[0][..])),
            (&[1], Some(&[1])),
            (&[0x7f, 0], Some(&[0x7f, 0])),
            (&[0, 0x80], Some(&[0x80])),
            (&[], None),
            (&[0x80], None),
            (&[0, 0], None),
            (&[0, 0x7f], None),
        ] {
            let der = [&[INTEGER, u8::try_from(content.len()).unwrap()], content].concat();
            assert_eq!(Reader::new(&der).unsigned(), number, "{content:02x?}");
        }
    }
}
