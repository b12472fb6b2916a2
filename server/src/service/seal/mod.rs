//! Texts that we give out and take back, and secrets that we store: nobody can read, forge or use them for anything else who
//! has not the key, and the key is not in the database.

mod anew;
mod keys;

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use super::Refusal;
use super::people::secret::hex;

pub use anew::{Forgotten, forget, of, rotate};

const NONCE: usize = 24;

/// Seals with the first key of the installation; what was sealed with its others opens, too.
#[derive(Clone)]
pub struct Seal(Arc<[XChaCha20Poly1305]>);

impl Seal {
    fn with(keys: &[[u8; keys::LENGTH]]) -> Seal {
        Seal(keys.iter().map(|key| XChaCha20Poly1305::new(&Key::from(*key))).collect())
    }

    /// Seals `text` for one use, which `bound` describes.
    pub fn close(&self, text: &str, bound: &str) -> Result<String, Refusal> {
        let nonce = random::<NONCE>()?;
        let payload = Payload { msg: text.as_bytes(), aad: bound.as_bytes() };
        let first = self.0.first().ok_or_else(|| Refusal::internal("there is no key to seal with"))?;
        let sealed = first
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Refusal::internal("a text could not be sealed"))?;
        Ok(format!("{}{}", hex(&nonce), hex(&sealed)))
    }

    /// The text that was sealed for this same use.
    pub fn open(&self, sealed: &str, bound: &str) -> Option<String> {
        let bytes = unhex(sealed)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce = XNonce::try_from(nonce).ok()?;
        let with = |key: &XChaCha20Poly1305| {
            key.decrypt(&nonce, Payload { msg: sealed, aad: bound.as_bytes() }).ok()
        };
        String::from_utf8(self.0.iter().find_map(with)?).ok()
    }

    /// What was sealed with any key of ours, sealed anew; nothing where no key opens it.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn anew(&self, sealed: &str, bound: &str) -> Result<Option<String>, Refusal> {
        self.open(sealed, bound).map(|text| self.close(&text, bound)).transpose()
    }
}

pub(super) fn random<const N: usize>() -> Result<[u8; N], Refusal> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Refusal::internal(error.to_string()))?;
    Ok(bytes)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits?;
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| u8::try_from(high * 16 + low).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_for_its_own_use_alone() {
        let seal = Seal::with(&[[7; 32]]);
        let sealed = seal.close("after 12", "ada orders").unwrap();
        // Hexadecimal digits alone say nothing of the text.
        assert!(unhex(&sealed).is_some_and(|bytes| !bytes.windows(5).any(|window| window == b"after")));
        assert_eq!(seal.open(&sealed, "ada orders").as_deref(), Some("after 12"));
        assert_eq!(seal.open(&sealed, "bob orders"), None);
        assert_eq!(seal.open(&sealed[..sealed.len() - 2], "ada orders"), None);
        assert_eq!(seal.open("zz", "ada orders"), None);
    }

    #[test]
    fn a_newer_key_seals_and_an_older_one_opens_still() {
        let (old, both, new) =
            (Seal::with(&[[1; 32]]), Seal::with(&[[2; 32], [1; 32]]), Seal::with(&[[2; 32]]));
        let sealed = old.close("secret", "use").unwrap();
        assert_eq!(both.open(&sealed, "use").as_deref(), Some("secret"));
        assert_eq!(new.open(&sealed, "use"), None);
        let anew = both.anew(&sealed, "use").unwrap().unwrap();
        assert_eq!((new.open(&anew, "use").as_deref(), old.open(&anew, "use")), (Some("secret"), None));
        assert_eq!(both.anew(&sealed, "another use").unwrap(), None);
    }
}
