//! What the log has of a request: where it went, but for what opens a door.

use axum::extract::Request;

use crate::service::{hooks, links};

/// The addresses behind which a token stands.
const BEFORE_TOKENS: [&str; 3] = [links::PAGE, links::ADDRESS, hooks::ADDRESS];
/// What the log has in the place of a token.
const MASK: &str = "…";

/// The span of a request. What stands behind `?` is what somebody looks for, or a code of an identity provider: it is left out.
pub fn span(request: &Request) -> tracing::Span {
    let uri = without_token(request.uri().path());
    tracing::debug_span!("request", method = %request.method(), %uri, version = ?request.version())
}

/// A path without the token of a public link or a hook.
fn without_token(path: &str) -> String {
    for before in BEFORE_TOKENS {
        if let Some(rest) = path.strip_prefix(before) {
            let behind = rest.find('/').and_then(|end| rest.get(end..)).unwrap_or_default();
            return format!("{before}{MASK}{behind}");
        }
    }
    path.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c19_a_token_in_an_address_is_masked_and_nothing_else() {
        for (path, told) in [
            ("/f/abc", "/f/…"),
            ("/api/v1/public/abc", "/api/v1/public/…"),
            ("/api/v1/public/abc/fields/of/options", "/api/v1/public/…/fields/of/options"),
            ("/api/v1/hooks/abc", "/api/v1/hooks/…"),
            ("/api/v1/forms/1/hooks/2", "/api/v1/forms/1/hooks/2"),
            ("/api/v1/setup", "/api/v1/setup"),
            ("/", "/"),
        ] {
            assert_eq!(without_token(path), told);
        }
    }
}
