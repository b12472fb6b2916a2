//! Secrets that we give out: sessions, API tokens, the set-up code. Only their hash is stored.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::service::Refusal;

const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A secret of 256 bits, as text for a cookie or a header.
pub fn new_secret() -> Result<String, Refusal> {
    random_text(52)
}

/// The one-time code that opens the set-up, short enough to be typed: `k7mp-3xq9-tz2d`.
pub fn new_setup_code() -> Result<String, Refusal> {
    let text = random_text(12)?;
    Ok([&text[..4], &text[4..8], &text[8..]].join("-"))
}

/// What was printed in groups as people type it: in capitals, with blanks, with another dash or none.
pub fn letters_of(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A code for who has lost their authenticator, 80 bits that can be typed: `k7mp-3xq9-tz2d-9hw4`.
pub fn new_recovery_code() -> Result<String, Refusal> {
    let text = random_text(16)?;
    Ok([&text[..4], &text[4..8], &text[8..12], &text[12..]].join("-"))
}

/// What is stored of a secret, in hexadecimal. Secrets are random and long, so a fast hash is enough.
pub fn hash_of(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        for digit in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
        text
    })
}

/// Compares without telling by the time it takes how much is right.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[expect(clippy::indexing_slicing, reason = "below 32 is always a place in an alphabet of 32")]
fn random_text(length: usize) -> Result<String, Refusal> {
    let mut bytes = vec![0u8; length];
    getrandom::fill(&mut bytes).map_err(|error| Refusal::internal(error.to_string()))?;
    Ok(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_code_is_read_however_it_is_typed() {
        for typed in ["k7mp-3xq9-tz2d", " K7MP-3XQ9-TZ2D ", "k7mp 3xq9 tz2d", "K7mp\u{2013}3xq9\u{3000}tz2d"]
        {
            assert_eq!(letters_of(typed), "k7mp3xq9tz2d");
        }
    }

    #[test]
    fn secrets_differ() {
        let (a, b) = (new_secret().unwrap(), new_secret().unwrap());
        assert_ne!(a, b);
        assert_eq!(a.len(), 52);
        assert_ne!(hash_of(&a), hash_of(&b));
        assert!(same(&a, &a) && !same(&a, &b));
    }
}
