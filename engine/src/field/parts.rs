//! Texts of parts with `/` between them, as addresses are kept: `广东省/深圳市/南山区/科技园1号`.

/// How people read such a text: the parts after each other, those that only repeat the one before left out.
pub(super) fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = "";
    for part in split(text) {
        if part != last {
            out.push_str(part);
        }
        last = part;
    }
    out
}

/// How many parts there are; in the last one a `/` is a sign like any other.
pub(super) const PARTS: usize = 4;

/// The parts, empty ones included.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.splitn(PARTS, '/')
}
