//! Headers that every answer carries.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::service::Installation;
use crate::service::links::{ADDRESS, PAGE, embed};

/// What no page of others may do: show ours in a frame.
const NO_ANCESTORS: &str = "frame-ancestors 'none'";

/// Nothing inline: scripts and styles are files of ours. `blob:` and `data:` images are previews and charts.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        // A location field asks where somebody is, and a bar code is read by the camera, when they press its button.
        "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    ),
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
];

pub async fn set_security_headers(
    State(installation): State<Installation>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path().to_string();
    let is_api = path.starts_with("/api");
    let is_public = path.starts_with(PAGE) || path.starts_with(ADDRESS);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if is_public {
        // The address is all that it takes to come in: no other site is told of it.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    if let Some(policy) = policy_of_link(&installation, &path).await {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    // A handler that says more (a download in its sandbox) is not overruled.
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if is_api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if installation.settings.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    response
}

/// The policy of a link's page that pages of others show in a frame; none for every other page.
async fn policy_of_link(installation: &Installation, path: &str) -> Option<HeaderValue> {
    if !path.starts_with(PAGE) {
        return None;
    }
    let origins = embed::ancestors(installation, path).await.unwrap_or_default();
    if origins.is_empty() {
        return None;
    }
    let ancestors = format!("frame-ancestors {}", origins.join(" "));
    HeaderValue::from_str(&CONTENT_SECURITY_POLICY.replace(NO_ANCESTORS, &ancestors)).ok()
}
