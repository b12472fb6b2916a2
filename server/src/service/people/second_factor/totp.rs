//! Codes that change with the time (RFC 6238): HMAC-SHA-1 over steps of 30 seconds, six digits, as every authenticator
//! has them.

use data_encoding::BASE32_NOPAD;
use engine::value::Timestamp;
use ring::hmac;

use crate::service::people::secret::same;

/// Seconds that a code holds.
const STEP: i64 = 30;
const DIGITS: usize = 6;
/// Clocks differ: the code before and the one after are taken, too.
const APART: i64 = 1;
/// Of a secret; as long as what SHA-1 gives.
pub const SECRET_BYTES: usize = 20;

/// The time step whose code this is, if it is one of about now and of a later step than `after`.
pub fn step_of(secret: &[u8], code: &str, now: Timestamp, after: i64) -> Option<i64> {
    let current = now.as_second().div_euclid(STEP);
    // All are compared, whichever it is.
    let matching = (current - APART..=current + APART)
        .filter(|step| code_at(secret, *step).is_some_and(|right| same(&right, code)));
    matching.filter(|step| *step > after).max()
}

/// The code of a time step.
fn code_at(secret: &[u8], step: i64) -> Option<String> {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let from = usize::from(bytes.last()? & 15);
    let four: [u8; 4] = bytes.get(from..from + 4)?.try_into().ok()?;
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(DIGITS as u32);
    Some(format!("{number:0DIGITS$}"))
}

/// What people write is digits, in groups or not.
pub fn as_written(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// Whether it is written as a code of an authenticator is.
pub fn is_code(code: &str) -> bool {
    code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// A secret as authenticators take it.
pub fn base32(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// The secret behind [`base32`].
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    BASE32_NOPAD.decode(text.as_bytes()).ok()
}

/// The address that an authenticator reads from a QR code.
pub fn uri(secret: &[u8], issuer: &str, account: &str) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    let secret = base32(secret);
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&digits={DIGITS}&period={STEP}")
}

/// Percent-encoded but for what no address minds.
pub fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(u32::from(digit), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B; the last six of its eight digits.
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(code_at(SECRET, second / STEP).as_deref(), Some(code));
            assert_eq!(step_of(SECRET, code, at(second), 0), Some(second / STEP));
        }
    }

    #[test]
    fn a_code_holds_for_its_step_and_the_ones_beside_it_and_once() {
        let code = "287082";
        assert_eq!(step_of(SECRET, code, at(59 + 30), 0), Some(1));
        assert_eq!(step_of(SECRET, code, at(59 + 31), 0), None);
        assert_eq!(step_of(SECRET, code, at(59 - 59), 0), Some(1));
        assert_eq!(step_of(SECRET, code, at(59), 1), None);
        assert_eq!(step_of(SECRET, "287083", at(59), 0), None);
        assert_eq!(as_written(" 287 082"), code);
    }

    #[test]
    fn an_authenticator_reads_who_it_is_for() {
        let uri = uri(SECRET, "北方 Formwork", "mei@example.com");
        assert!(
            uri.starts_with("otpauth://totp/%E5%8C%97%E6%96%B9%20Formwork:mei%40example.com?secret="),
            "{uri}"
        );
        assert!(uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"), "{uri}");
        assert_eq!(from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").as_deref(), Some(SECRET));
    }
}
