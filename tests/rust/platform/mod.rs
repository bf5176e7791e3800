//! What the package asks the platform's WebCrypto for, done by OpenSSL, and the four operations made with it.

pub(crate) mod crypto;
pub(crate) mod keys;
pub(crate) mod pem;
pub(crate) mod vectors;

use canvas_lms_tokens::Result;
use canvas_lms_tokens::jose::jwa::Management;
use canvas_lms_tokens::jose::{
    Ask, Decryption, Encryption, Header, Key, Keys, Recipient, SigningInput, Verification, Verified,
};
use canvas_lms_tokens::json::{Json, Object};

/// A header of strings.
pub(crate) fn header(members: &[(&'static str, &str)]) -> Object {
    members.iter().map(|(name, value)| (*name, Json::from(*value))).collect()
}

pub(crate) fn sign(payload: &[u8], key: &Key, header: &Object) -> Result<String> {
    let input = SigningInput::new(payload, key, header)?;
    let by_platform = || crypto::sign(input.algorithm().name, key, input.as_bytes());
    let signature = input.mac().unwrap_or_else(by_platform);
    Ok(input.seal(&signature))
}

pub(crate) fn verify(token: &str, keys: &Keys) -> Result<Verified> {
    let question = Verification::new(token, keys, None)?;
    let by_platform = || {
        let alg = question.algorithm().name;
        crypto::verify(alg, question.key(), question.signing_input(), question.signature())
    };
    let is_right = question.mac_is_right().unwrap_or_else(by_platform);
    question.conclude(is_right)
}

pub(crate) fn encrypt(plaintext: &[u8], key: &Key, header: &Object) -> Result<String> {
    let encryption = Encryption::new(key, header.clone(), &mut random)?;
    let alg = encryption.algorithm();
    let recipient = match alg.management {
        Management::RsaOaep => Recipient::Encrypted(crypto::oaep_encrypt(alg.name, key, encryption.cek())),
        Management::EcdhEs => {
            let (epk, z) = crypto::agree_ephemeral(key);
            Recipient::Agreed { epk, z: z.into() }
        }
        _ => Recipient::Shared,
    };
    encryption.seal(plaintext, recipient, &mut random)
}

pub(crate) fn decrypt(token: &str, keys: &Keys) -> Result<(Header, Vec<u8>)> {
    let decryption = Decryption::new(token, keys, None, None)?;
    let answer = match decryption.ask() {
        Ask::Decrypt(encrypted) => crypto::oaep_decrypt(decryption.algorithm().name, decryption.key(), encrypted),
        // The keys here are in memory.
        Ask::Nothing | Ask::Unwrap(_) => None,
        Ask::Agree(ephemeral) => crypto::agree(decryption.key(), ephemeral),
    };
    let (header, plaintext) = decryption.decrypt(answer.as_deref(), &mut random)?;
    Ok((header, plaintext.to_vec()))
}

#[allow(clippy::unnecessary_wraps)] // What the core takes.
pub(crate) fn random(buffer: &mut [u8]) -> Result<()> {
    openssl::rand::rand_bytes(buffer).unwrap();
    Ok(())
}

/// Gives these bytes instead of random ones, in this order.
pub(crate) fn scripted(draws: Vec<Vec<u8>>) -> impl FnMut(&mut [u8]) -> Result<()> {
    let mut draws = draws.into_iter();
    move |buffer| {
        buffer.copy_from_slice(&draws.next().expect("more random bytes than foreseen"));
        Ok(())
    }
}
