//! Keys: how the things of documents are told apart.

/// Whether a text can be the key of something in a document: `[a-z][a-z0-9_]{0,62}`.
pub fn is_key(key: &str) -> bool {
    let mut bytes = key.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase());
    first
        && key.len() <= 63
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
