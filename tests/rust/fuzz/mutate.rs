//! A small fuzzer that runs on stable Rust: inputs are altered at random, and those that lead to an outcome not seen before
//! are altered further.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use canvas_lms_tokens::jose::base64url;

/// How many inputs are tried where `FUZZ_SECONDS` is not set.
const INPUTS: usize = 30_000;
/// An input does not grow beyond this.
const LONGEST: usize = 8192;

/// xorshift64*: the same seed gives the same inputs.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % limit.max(1)
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next().to_le_bytes()[3]).collect()
    }
}

fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().expect("a number"))
}

/// Tries inputs until the time in `FUZZ_SECONDS` is over, or for a fixed number; fails with the input that panicked.
/// `target` tells the outcome in a few words. Gives the number of different outcomes.
pub(crate) fn fuzz(name: &str, corpus: Vec<String>, target: impl Fn(&str, &mut Rng) -> String) -> usize {
    let time = number_in("FUZZ_SECONDS").map(Duration::from_secs);
    let random = || if time.is_some() { RandomState::new().hash_one(name) } else { 1 };
    let seed = number_in("FUZZ_SEED").unwrap_or_else(random).max(1);
    println!("{name}: FUZZ_SEED={seed}");
    let (mut rng, mut corpus, mut outcomes) = (Rng(seed), corpus, HashSet::new());
    let (start, seeds, mut count) = (Instant::now(), corpus.len(), 0);
    while time.map_or(count < INPUTS, |time| start.elapsed() < time) {
        // First as they are.
        let input = if count < seeds { corpus[count].clone() } else { altered(&corpus, &mut rng) };
        count += 1;
        let Ok(outcome) = catch_unwind(AssertUnwindSafe(|| target(&input, &mut rng))) else {
            panic!("{name} failed at input {count} with FUZZ_SEED={seed}: {input:?}");
        };
        // Neither what is quoted nor a number makes another outcome.
        let words = outcome.split('"').step_by(2).collect::<String>();
        let is_new = outcomes.insert(words.replace(|c: char| c.is_ascii_digit(), ""));
        if is_new && count > seeds && corpus.len() < 5000 {
            corpus.push(input);
        }
    }
    println!("{name}: {count} inputs, {} outcomes", outcomes.len());
    outcomes.len()
}

fn altered(corpus: &[String], rng: &mut Rng) -> String {
    let mut text = rng.pick(corpus).clone();
    for _ in 0..=rng.below(3) {
        text = match rng.below(6) {
            0 => lossy(&bytes(text.as_bytes(), rng)),
            1 => spliced(&text, &rng.pick::<String>(corpus).clone(), rng),
            2 => parts(&text, rng),
            _ => inside(&text, rng),
        };
    }
    text.truncate((0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default());
    text
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// One of the parts between dots decoded, altered and encoded again.
fn inside(text: &str, rng: &mut Rng) -> String {
    let mut parts: Vec<String> = text.split('.').map(str::to_owned).collect();
    // The header says the most.
    let index = if rng.below(2) == 0 { 0 } else { rng.below(parts.len()) };
    let Ok(part) = base64url::decode(&parts[index]) else { return lossy(&bytes(text.as_bytes(), rng)) };
    let part = if part.starts_with(b"{") && rng.below(4) > 0 { json(&lossy(&part), rng) } else { bytes(&part, rng) };
    parts[index] = base64url::encode(&part);
    parts.join(".")
}

/// Parts doubled, dropped, emptied, exchanged.
fn parts(text: &str, rng: &mut Rng) -> String {
    let mut parts: Vec<&str> = text.split('.').collect();
    let (one, two) = (rng.below(parts.len()), rng.below(parts.len()));
    match rng.below(4) {
        0 => parts.insert(one, parts[two]),
        1 => drop(parts.remove(one)),
        2 => parts[one] = "",
        _ => parts.swap(one, two),
    }
    parts.join(".")
}

fn spliced(one: &str, two: &str, rng: &mut Rng) -> String {
    let (one, two) = (one.as_bytes(), two.as_bytes());
    let (to, from) = (rng.below(one.len() + 1), rng.below(two.len() + 1));
    lossy(&[&one[..to], &two[from..]].concat())
}

fn bytes(text: &[u8], rng: &mut Rng) -> Vec<u8> {
    const SPECIAL: &[u8] = b"\0\x01\x7f\x80\xff \n.=+/-_%\"{}[]:,0\x30\x02\x03\x04\x06\xa0";
    let mut out = text.to_vec();
    let at = rng.below(out.len() + 1);
    let end = (at + 1 + rng.below(8)).min(out.len());
    let at = at.min(end);
    match rng.below(6) {
        0 if at < out.len() => out[at] ^= 1 << rng.below(8),
        1 if at < out.len() => out[at] = *rng.pick(SPECIAL),
        2 => out.insert(at, *rng.pick(SPECIAL)),
        3 => drop(out.drain(at..end)),
        4 => drop(out.splice(at..at, out[at..end].to_vec())),
        _ => out.truncate(at),
    }
    out
}

/// A value exchanged for another, a member added, or bytes altered.
fn json(text: &str, rng: &mut Rng) -> Vec<u8> {
    const VALUES: [&str; 24] = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1e999",
        "1e-999",
        "[]",
        "{}",
        "\"\"",
        "\"none\"",
        "\"HS256\"",
        "\"RS256\"",
        "\"dir\"",
        "\"ECDH-ES\"",
        "\"A128GCM\"",
        "\"A128CBC-HS256\"",
        "[\"b64\"]",
        "[\"exp\"]",
        "\"AA\"",
        "\"\\ud800\"",
        "90000000000000001",
        "[[[[[[[[]]]]]]]]",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}",
    ];
    const NAMES: [&str; 20] = [
        "alg", "enc", "zip", "crit", "b64", "kid", "typ", "cty", "jwk", "epk", "apu", "apv", "iv", "tag", "p2c", "exp",
        "sub", "kty", "k", "key_ops",
    ];
    let (name, value) = (rng.pick(&NAMES), rng.pick(&VALUES));
    match rng.below(4) {
        0 => format!("{{\"{name}\":{value},{}", text.get(1..).unwrap_or_default()).into_bytes(),
        1 => [text.get(..text.len().saturating_sub(1)).unwrap_or_default(), ",\"", name, "\":", value, "}"]
            .concat()
            .into(),
        2 => {
            let colons: Vec<usize> = text.match_indices(':').map(|(at, _)| at + 1).collect();
            if colons.is_empty() {
                return bytes(text.as_bytes(), rng);
            }
            let (head, tail) = text.split_at(*rng.pick(&colons));
            let rest = tail.find([',', '}']).and_then(|at| tail.get(at..)).unwrap_or_default();
            [head, value, rest].concat().into_bytes()
        }
        _ => bytes(text.as_bytes(), rng),
    }
}
