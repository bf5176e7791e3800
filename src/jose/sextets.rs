//! Base64 (RFC 4648 §4, §5) eight characters at a time, without a table and without a branch on what they are: the text
//! may be that of a private key. Knows no padding.

/// Every byte of a word 1.
const ONES: u64 = u64::MAX / 255;
/// The highest bit of every byte.
const HIGH: u64 = ONES << 7;

/// The first and last byte of a range, and what is added to each in it, modulo 256.
type Range = (u8, u8, u8);

/// The two alphabets: from six bits to a character, and back.
pub(super) struct Alphabet {
    to_text: [Range; 5],
    to_bits: [Range; 5],
}

pub(super) const URL: Alphabet = alphabet(b'-', b'_');
pub(super) const STANDARD: Alphabet = alphabet(b'+', b'/');

const fn alphabet(c62: u8, c63: u8) -> Alphabet {
    let upper = (0, 25, b'A');
    let (lower, digits) = ((26, 51, b'a' - 26), (52, 61, b'0'.wrapping_sub(52)));
    let (c62, c63) = ((62, 62, c62.wrapping_sub(62)), (63, 63, c63.wrapping_sub(63)));
    Alphabet {
        to_text: [upper, lower, digits, c62, c63],
        to_bits: [back(upper), back(lower), back(digits), back(c62), back(c63)],
    }
}

const fn back((first, last, add): Range) -> Range {
    (first.wrapping_add(add), last.wrapping_add(add), add.wrapping_neg())
}

/// Text for bytes.
pub(super) fn encode(alphabet: &Alphabet, bytes: &[u8]) -> String {
    let mut text = Vec::with_capacity(bytes.len().div_ceil(6) * 8);
    for chunk in bytes.chunks(6) {
        // Six bytes in front of two zeros, as one word; each sextet then moves into a byte of its own.
        let bits = word(chunk, 0);
        let halves = bits >> 8 & 0x00ff_ffff_0000_0000 | bits >> 16 & 0x00ff_ffff;
        let quarters = halves << 4 & 0x0fff_0000_0fff_0000 | halves & 0x0000_0fff_0000_0fff;
        let sextets = quarters << 2 & 0x3f00_3f00_3f00_3f00 | quarters & 0x003f_003f_003f_003f;
        let (characters, _) = translate(sextets, &alphabet.to_text);
        text.extend_from_slice(&characters.to_be_bytes());
    }
    text.truncate((bytes.len() * 4).div_ceil(3));
    String::from_utf8(text).unwrap_or_default()
}

/// Bytes for a text, or nothing where it has another character, an impossible length, or bits that belong to no byte.
pub(super) fn decode(alphabet: &Alphabet, text: &[u8]) -> Option<Vec<u8>> {
    let length = text.len() / 4 * 3 + text.len() % 4 * 3 / 4;
    let mut bytes = Vec::with_capacity(text.len().div_ceil(8) * 6);
    let mut known = HIGH;
    for chunk in text.chunks(8) {
        let characters = word(chunk, b'A');
        let (sextets, found) = translate(characters, &alphabet.to_bits);
        known &= found & !characters;
        let quarters = sextets >> 2 & 0x0fc0_0fc0_0fc0_0fc0 | sextets & 0x003f_003f_003f_003f;
        let halves = quarters >> 4 & 0x00ff_f000_00ff_f000 | quarters & 0x0000_0fff_0000_0fff;
        let bits = halves >> 32 << 24 | halves & 0x00ff_ffff;
        let [_, _, whole @ ..] = bits.to_be_bytes();
        bytes.extend_from_slice(&whole);
    }
    let stray = bytes.iter().skip(length).fold(0, |all, byte| all | byte);
    bytes.truncate(length);
    (text.len() % 4 != 1 && known == HIGH && stray == 0).then_some(bytes)
}

/// Up to eight bytes as a big-endian word, the rest filled up.
fn word(bytes: &[u8], fill: u8) -> u64 {
    (0..8).fold(0, |word, place| word << 8 | u64::from(*bytes.get(place).unwrap_or(&fill)))
}

/// Adds to each byte, below 128, what its range says; and the high bit of each that is in one.
fn translate(bytes: u64, ranges: &[Range; 5]) -> (u64, u64) {
    let (mut add, mut found) = (0, 0);
    for (first, last, offset) in ranges {
        let at_least = |least: u8| (bytes | HIGH) - u64::from(least) * ONES;
        let within = at_least(*first) & !at_least(last + 1) & HIGH;
        add |= (within >> 7) * u64::from(*offset);
        found |= within;
    }
    // Without carries from one byte into the next.
    (((bytes & !HIGH) + (add & !HIGH)) ^ ((bytes ^ add) & HIGH), found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One character at a time, from the table of RFC 4648.
    fn plain(text: &[u8], last: [u8; 2]) -> Option<Vec<u8>> {
        let table: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(last).collect();
        let mut bits = 0_u32;
        let mut bytes = Vec::new();
        for (i, c) in text.iter().enumerate() {
            bits = bits << 6 | u32::try_from(table.iter().position(|known| known == c)?).unwrap();
            if i % 4 > 0 {
                bytes.push(u8::try_from(bits >> (6 - i % 4 * 2) & 255).unwrap());
            }
        }
        let left = text.len() % 4 * 6 % 8;
        (text.len() % 4 != 1 && bits & ((1 << left) - 1) == 0).then_some(bytes)
    }

    #[test]
    fn every_character_in_every_place() {
        for (alphabet, last) in [(&URL, *b"-_"), (&STANDARD, *b"+/")] {
            for length in 0..20 {
                for place in 0..length {
                    for character in 0..=255 {
                        let mut text = vec![b'Q'; length];
                        text[place] = character;
                        assert_eq!(decode(alphabet, &text), plain(&text, last), "{text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_byte_in_every_place() {
        for (alphabet, last) in [(&URL, *b"-_"), (&STANDARD, *b"+/")] {
            for length in 1..14 {
                for (place, byte) in (0..length).flat_map(|place| (0..=255).map(move |byte| (place, byte))) {
                    let mut bytes = vec![0x5a; length];
                    bytes[place] = byte;
                    let text = encode(alphabet, &bytes);
                    assert_eq!(plain(text.as_bytes(), last).as_ref(), Some(&bytes), "{text}");
                }
            }
        }
    }
}
