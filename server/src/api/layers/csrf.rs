//! Cross-site requests change nothing: a browser says with `Sec-Fetch-Site` or `Origin` where a request comes
//! from. Requests with an API token bring no cookie along and are free of this.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::Problem;
use crate::service::{Cause, Refusal};
use crate::settings::Settings;

pub async fn refuse_cross_site(State(settings): State<Settings>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_same_site(request.headers(), &settings.base_url) {
        return next.run(request).await;
    }
    Problem::from(Refusal::new(Cause::Forbidden, "cross_site")).into_response()
}

/// Refuses what a page of another site leads a browser to, where asking alone leaves something in somebody's name: who has printed
/// what stands in the trail. A browser that says nothing of where it comes from only looks.
///
/// # Errors
/// `cross_site`
pub fn refuse_led_here(headers: &HeaderMap) -> Result<(), Refusal> {
    let site = headers.get("sec-fetch-site").map(|value| value.to_str().unwrap_or("unreadable"));
    match site {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(Refusal::new(Cause::Forbidden, "cross_site")),
    }
}

fn is_same_site(headers: &HeaderMap, base_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let by_token = text("authorization").is_some_and(|value| value.starts_with("Bearer "));
    if by_token {
        return true;
    }
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let own =
                text("host").is_some_and(|host| origin.split_once("://").is_some_and(|(_, o)| o == host));
            origin == base_url || own
        }
        // No browser of today leaves out both. Without a cookie there is nothing to ride on either.
        (None, None) => !headers.contains_key(header::COOKIE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn c17_only_our_own_pages_may_act_with_a_cookie() {
        let base = "https://forms.example.com";
        let allowed = |pairs: &[_]| is_same_site(&headers(pairs), base);
        let cookie = ("cookie", "sid=x");
        assert!(allowed(&[cookie, ("sec-fetch-site", "same-origin")]));
        assert!(!allowed(&[cookie, ("sec-fetch-site", "same-site")]));
        assert!(!allowed(&[cookie, ("sec-fetch-site", "cross-site"), ("origin", base)]));
        assert!(allowed(&[cookie, ("origin", base)]));
        assert!(allowed(&[cookie, ("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!allowed(&[cookie, ("origin", "null")]));
        assert!(!allowed(&[cookie]));
        assert!(allowed(&[("authorization", "Bearer fwk_x")]));
        let led = |site: &str| refuse_led_here(&headers(&[cookie, ("sec-fetch-site", site)]));
        assert!(
            led("same-origin").is_ok() && led("none").is_ok() && refuse_led_here(&headers(&[cookie])).is_ok()
        );
        assert!(led("cross-site").is_err() && led("same-site").is_err());
        assert!(allowed(&[]));
    }
}
