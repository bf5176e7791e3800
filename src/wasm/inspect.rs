//! `inspect`: opens what the keys open, verifies what the platform can verify, and hands over the report.

use wasm_bindgen::prelude::*;

use super::at::At;
use super::error::{Result, promise};
use super::jose;
use super::js::{Array, Promise, Text};
use super::keys::JsKeys;
use super::options::Options;
use super::out::Out;
use super::{clock, decode, values};
use crate::error::Code;
use crate::inspect::{self, Check, Exchange, Kind, Opened, Report, Signature};
use crate::jose::{Keys, Secret, Verification};

/// Says what a token is, whether it is good, and if not, why. Never rejects for a bad token.
#[wasm_bindgen(js_name = inspect)]
pub fn inspect_token(token: JsValue, options: JsValue) -> Promise {
    promise(async move {
        let token = readable(&token)?;
        let mut options = Options::optional(&options, "options");
        let settings = read_options(&mut options)?;
        let given = [("options.key", options.value("key")), ("options.decryptionKey", options.value("decryptionKey"))];
        options.check()?;
        let mut keys = [None, None];
        for (keys, (at, value)) in keys.iter_mut().zip(given) {
            if let Some(value) = value {
                *keys = Some(JsKeys::read_whole(&value, &At::argument(at)).await?);
            }
        }
        let [key, decryption_key] = keys;
        let mut opened = inspect::open(&token);
        while let (Some(encrypted), Some(key)) = (opened.encrypted(), &decryption_key) {
            let plaintext = jose::decrypt(encrypted, key, None, None).await.map_err(|thrown| thrown.into_parts().error);
            opened.decrypted(plaintext.as_ref().map(|(_, plaintext)| plaintext.as_slice()));
        }
        let verified = match (opened.signed(), &key) {
            (Some(signed), Some(key)) => {
                Some(jose::verify(signed, key, None).await.map_err(|thrown| thrown.into_parts().error))
            }
            _ => None,
        };
        let secret = key.as_ref().and_then(secret_of);
        let signature = match &verified {
            None => Signature::NoKey,
            Some(Ok(_)) => Signature::Right(secret),
            Some(Err(error)) if error.code == Code::WebCrypto => Signature::Unknown(error),
            Some(Err(error)) => Signature::Wrong(error, secret),
        };
        Ok(report_out(&opened, &inspect::report(&opened, &signature, &settings)))
    })
}

/// Any string: of one that is too long to be a token no more is read than shows it, and what is no character is replaced
/// by one that no token has.
fn readable(token: &JsValue) -> Result<String> {
    const ENOUGH: u32 = 2 << 20;
    if !token.is_string() {
        return Err(values::wrong(&At::argument("token"), token, "a string"));
    }
    Ok(token.unchecked_ref::<Text>().slice(0, ENOUGH))
}

/// The report on an assertion that Canvas refused at this time, with the secret where it is known.
pub(crate) fn of_refused(
    assertion: &str,
    secret: Option<&Secret>,
    endpoint: &str,
    now: f64,
    exchange: Exchange,
) -> JsValue {
    let opened = inspect::open(assertion);
    let options = inspect::Options {
        kind: Some(Kind::Lti2Assertion),
        endpoint: Some(endpoint.to_owned()),
        now,
        tolerance: 0.0,
        exchange: Some(exchange),
    };
    let bytes = secret.map(Secret::as_bytes);
    let verified = secret.zip(opened.signed()).map(|(secret, signed)| {
        let keys = Keys::from(crate::jose::Key::secret(secret.clone(), None));
        let verification = Verification::new(signed, &keys, None)?;
        let is_right = verification.mac_is_right().unwrap_or_default();
        verification.conclude(is_right)
    });
    let signature = match &verified {
        None => Signature::NoKey,
        Some(Ok(_)) => Signature::Right(bytes),
        Some(Err(error)) => Signature::Wrong(error, bytes),
    };
    report_out(&opened, &inspect::report(&opened, &signature, &options))
}

fn read_options(options: &mut Options<'_>) -> Result<inspect::Options> {
    let kind = options.text("as").and_then(|name| {
        let kind = Kind::named(&name);
        if kind.is_none() {
            options.refuse("as", "no kind of token, expected one such as lti2-assertion");
        }
        kind
    });
    let settings = inspect::Options {
        kind,
        endpoint: options.text("endpoint"),
        now: options.number("now").unwrap_or_else(clock::now),
        tolerance: options.number("clockTolerance").unwrap_or_default(),
        exchange: None,
    };
    options.check()?;
    Ok(settings)
}

fn secret_of(keys: &JsKeys) -> Option<&[u8]> {
    match &keys.keys {
        Keys::One(key) => key.bytes(),
        Keys::Set(_) => None,
    }
}

fn report_out(opened: &Opened, report: &Report) -> JsValue {
    let mut out = Out::new();
    out.text("kind", report.kind.as_str());
    out.text("outcome", report.outcome);
    out.text("summary", &report.summary);
    out.value("checks", report.checks.iter().map(check_out).collect::<Array>().into());
    decode::write(&mut out, &opened.layers, opened.header.as_ref(), opened.claims.as_ref());
    out.end()
}

fn check_out(check: &Check) -> JsValue {
    let mut out = Out::new();
    let facts = [
        ("id", Some(check.id)),
        ("outcome", Some(check.outcome.as_str())),
        ("message", Some(check.message.as_str())),
        ("fix", check.fix.as_deref()),
        ("code", check.code.map(Code::as_str)),
        ("spec", check.spec),
        ("at", check.at.as_deref()),
    ];
    for (name, value) in facts {
        out.text_where(name, value);
    }
    out.end()
}
