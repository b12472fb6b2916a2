//! Identity tokens: signed JSON (RFC 7515, OpenID Connect Core 3.1.3.7). Nothing in one counts before its signature.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value as Json;

use super::refused;
use crate::service::Refusal;
use crate::service::people::secret::same;

/// How far clocks may be apart, in seconds.
const APART: i64 = 60;
/// No token is longer.
const LONGEST: usize = 64 << 10;

/// A key of the provider.
#[derive(Clone, Debug)]
pub struct Key {
    id: Option<String>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// On P-256: an uncompressed point.
    Curve(Vec<u8>),
}

impl Key {
    /// Reads a JSON Web Key; `None` for one that signs no tokens, or in a way that is not taken.
    pub fn read(key: &Json) -> Option<Key> {
        let text = |name: &str| key.get(name).and_then(Json::as_str);
        let bytes = |name: &str| BASE64URL_NOPAD.decode(text(name)?.as_bytes()).ok();
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => Material::Rsa { n: bytes("n")?, e: bytes("e")? },
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                Material::Curve([[4].as_slice(), x.as_slice(), y.as_slice()].concat())
            }
            _ => return None,
        };
        Some(Key { id: text("kid").map(str::to_string), material })
    }

    /// Whether a token that names this key, or none, may be signed with it.
    pub fn is(&self, id: Option<&str>) -> bool {
        id.is_none() || self.id.as_deref() == id
    }

    fn has_signed(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        // The kind of the key decides; what the token says has to fit it.
        match (&self.material, algorithm) {
            (Material::Rsa { n, e }, "RS256") => {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
            (Material::Curve(point), "ES256") => {
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(message, signature).is_ok()
            }
            _ => false,
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
}

/// What a token says of somebody.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    iss: String,
    /// Who it is, for ever, at this provider.
    pub sub: String,
    aud: Json,
    #[serde(default)]
    azp: Option<String>,
    exp: i64,
    iat: i64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Json,
}

impl Claims {
    /// The address, where the provider has made sure of it.
    pub fn verified_email(&self) -> Option<&str> {
        let is_verified = match &self.email_verified {
            Json::Bool(is_verified) => *is_verified,
            Json::String(text) => text == "true",
            _ => false,
        };
        self.email.as_deref().filter(|_| is_verified)
    }
}

/// What a token must say.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    /// In seconds since 1970.
    pub now: i64,
}

/// The key that a token names.
pub fn key_id(raw: &str) -> Option<String> {
    let header: Header = part(raw.split('.').next()?)?;
    header.kid
}

/// What a token says, once it is shown to be the provider's, for us, for this visit, and now.
///
/// # Errors
/// `provider_refused`
pub fn verify(raw: &str, keys: &[Key], expected: &Expected) -> Result<Claims, Refusal> {
    let unreadable = || refused("the identity token can't be read");
    if raw.len() > LONGEST {
        return Err(unreadable());
    }
    let (message, signature) = raw.rsplit_once('.').ok_or_else(unreadable)?;
    let (head, body) = message.split_once('.').ok_or_else(unreadable)?;
    let header: Header = part(head).ok_or_else(unreadable)?;
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).map_err(|_| unreadable())?;
    let is_signed = keys
        .iter()
        .filter(|key| key.is(header.kid.as_deref()))
        .any(|key| key.has_signed(&header.alg, message.as_bytes(), &signature));
    if !is_signed {
        return Err(refused("the identity token is not signed by the provider"));
    }
    let claims: Claims = part(body).ok_or_else(unreadable)?;
    check(&claims, expected)?;
    Ok(claims)
}

fn check(claims: &Claims, expected: &Expected) -> Result<(), Refusal> {
    let audience: Vec<&str> = match &claims.aud {
        Json::String(one) => vec![one],
        Json::Array(several) => several.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let party = claims.azp.as_deref();
    let for_us = audience.contains(&expected.client_id)
        && party.map_or(audience.len() == 1, |party| party == expected.client_id);
    let why = if claims.iss != expected.issuer {
        "the identity token is of another issuer"
    } else if !for_us {
        "the identity token is for somebody else"
    } else if claims.exp <= expected.now - APART {
        "the identity token has expired"
    } else if claims.iat > expected.now + APART {
        "the identity token is of the future"
    } else if !claims.nonce.as_deref().is_some_and(|nonce| same(nonce, expected.nonce)) {
        "the identity token is of another visit"
    } else if claims.sub.is_empty() {
        "the identity token names nobody"
    } else {
        return Ok(());
    };
    Err(refused(why))
}

fn part<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
    use serde_json::json;

    use super::*;

    const EXPECTED: Expected =
        Expected { issuer: "https://id.example.com", client_id: "formwork", nonce: "n-1", now: 1_000 };

    fn good() -> Json {
        json!({
            "iss": "https://id.example.com", "sub": "42", "aud": "formwork", "exp": 1_300, "iat": 1_000,
            "nonce": "n-1", "email": "mei@example.com", "email_verified": true,
        })
    }

    /// A signer with its public key as a JSON Web Key.
    fn signer() -> (EcdsaKeyPair, Key) {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        let point = pair.public_key().as_ref();
        let key = json!({
            "kty": "EC", "crv": "P-256", "kid": "k1", "use": "sig",
            "x": BASE64URL_NOPAD.encode(&point[1..33]), "y": BASE64URL_NOPAD.encode(&point[33..]),
        });
        (pair, Key::read(&key).unwrap())
    }

    fn signed(pair: &EcdsaKeyPair, header: &Json, claims: &Json) -> String {
        let part = |json: &Json| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }

    #[test]
    fn a_token_of_the_provider_for_us_is_taken() {
        let (pair, key) = signer();
        let raw = signed(&pair, &json!({"alg": "ES256", "kid": "k1"}), &good());
        assert_eq!(key_id(&raw).as_deref(), Some("k1"));
        let claims = verify(&raw, &[key], &EXPECTED).unwrap();
        assert_eq!((claims.sub.as_str(), claims.verified_email()), ("42", Some("mei@example.com")));
    }

    #[test]
    fn a_token_that_is_not_for_this_visit_is_refused() {
        let (pair, key) = signer();
        let header = json!({"alg": "ES256", "kid": "k1"});
        for (member, value) in [
            ("iss", json!("https://evil.example.com")),
            ("aud", json!("another")),
            ("aud", json!(["formwork", "another"])),
            ("azp", json!("another")),
            ("exp", json!(900)),
            ("iat", json!(2_000)),
            ("nonce", json!("n-2")),
            ("nonce", json!(null)),
            ("sub", json!("")),
        ] {
            let mut claims = good();
            claims[member] = value;
            let raw = signed(&pair, &header, &claims);
            assert!(verify(&raw, std::slice::from_ref(&key), &EXPECTED).is_err(), "{claims}");
        }
        let mut unverified = good();
        unverified["email_verified"] = json!(false);
        let raw = signed(&pair, &header, &unverified);
        assert_eq!(verify(&raw, &[key], &EXPECTED).unwrap().verified_email(), None);
    }

    #[test]
    fn a_token_that_is_not_signed_by_the_provider_is_refused() {
        let ((pair, key), (stranger, _)) = (signer(), signer());
        let header = json!({"alg": "ES256", "kid": "k1"});
        let raw = signed(&pair, &header, &good());
        let (message, signature) = raw.rsplit_once('.').unwrap();
        let unsigned = json!({"alg": "none"});
        let none = format!(
            "{}.{}.",
            BASE64URL_NOPAD.encode(unsigned.to_string().as_bytes()),
            BASE64URL_NOPAD.encode(good().to_string().as_bytes())
        );
        for forged in [
            signed(&stranger, &header, &good()),
            signed(&pair, &json!({"alg": "RS256", "kid": "k1"}), &good()),
            signed(&pair, &json!({"alg": "ES256", "kid": "k2"}), &good()),
            format!("{message}.{}", signature.chars().rev().collect::<String>()),
            format!("{message}."),
            none,
            "a.b.c".to_string(),
            String::new(),
        ] {
            let refused = verify(&forged, std::slice::from_ref(&key), &EXPECTED).unwrap_err();
            assert_eq!(refused.code, "provider_refused", "{forged}");
        }
    }
}
