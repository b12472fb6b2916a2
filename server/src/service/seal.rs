//! Texts that we give out and take back: nobody can read, forge or use them for anything else.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use store::{Store, setting};

use super::Refusal;
use super::people::secret::hex;

/// Seals with a key of this installation.
#[derive(Clone)]
pub struct Seal(XChaCha20Poly1305);

const KEY: &str = "seal_key";
const NONCE: usize = 24;

impl Seal {
    /// The installation's own key, made when it is first asked for.
    pub async fn of(store: &Store) -> Result<Seal, Refusal> {
        let known = setting::get(&mut store.read().await?, KEY).await?;
        let text = match known {
            Some(text) => text,
            None => {
                let fresh = hex(&random::<32>()?);
                // Two servers that start at once use the key that was stored first.
                store
                    .write::<String, Refusal, _>(move |tx| {
                        Box::pin(async move {
                            if let Some(text) = setting::get(tx, KEY).await? {
                                return Ok(text);
                            }
                            setting::set(tx, KEY, &fresh).await?;
                            Ok(fresh)
                        })
                    })
                    .await?
            }
        };
        let bytes = unhex(&text).ok_or_else(|| Refusal::internal("the stored seal key is damaged"))?;
        let key = Key::try_from(bytes.as_slice())
            .map_err(|_| Refusal::internal("the stored seal key is damaged"))?;
        Ok(Seal(XChaCha20Poly1305::new(&key)))
    }

    /// Seals `text` for one use, which `bound` describes.
    pub fn close(&self, text: &str, bound: &str) -> Result<String, Refusal> {
        let nonce = random::<NONCE>()?;
        let payload = Payload { msg: text.as_bytes(), aad: bound.as_bytes() };
        let sealed = self
            .0
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Refusal::internal("a text could not be sealed"))?;
        Ok(format!("{}{}", hex(&nonce), hex(&sealed)))
    }

    /// The text that was sealed for this same use.
    pub fn open(&self, sealed: &str, bound: &str) -> Option<String> {
        let bytes = unhex(sealed)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce = XNonce::try_from(nonce).ok()?;
        let text = self.0.decrypt(&nonce, Payload { msg: sealed, aad: bound.as_bytes() }).ok()?;
        String::from_utf8(text).ok()
    }
}

fn random<const N: usize>() -> Result<[u8; N], Refusal> {
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
        let seal = Seal(XChaCha20Poly1305::new(&Key::from([7; 32])));
        let sealed = seal.close("after 12", "ada orders").unwrap();
        // Hexadecimal digits alone say nothing of the text.
        assert!(unhex(&sealed).is_some_and(|bytes| !bytes.windows(5).any(|window| window == b"after")));
        assert_eq!(seal.open(&sealed, "ada orders").as_deref(), Some("after 12"));
        assert_eq!(seal.open(&sealed, "bob orders"), None);
        assert_eq!(seal.open(&sealed[..sealed.len() - 2], "ada orders"), None);
        assert_eq!(seal.open("zz", "ada orders"), None);
    }
}
