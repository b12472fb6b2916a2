//! What every answer carries, whichever route gives it and whatever it says.

use reqwest::Method;
use tests::workspace::UNKNOWN;
use tests::{Client, on_both_shared};

/// Headers that every answer has, and how they begin.
const ALWAYS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", ""),
    ("content-security-policy", "default-src 'none'"),
];

async fn asked(http: &reqwest::Client, who: &Client, method: &Method, path: &str) -> reqwest::Response {
    let mut request = who.request(method.clone(), "").build().unwrap();
    *request.url_mut() = format!("{}{path}", who.url()).parse().unwrap();
    // Only the head is waited for: some answers have no end.
    http.execute(request).await.unwrap()
}

#[tokio::test]
async fn c13_every_route_answers_with_the_security_headers() {
    on_both_shared(async |workspace| {
        let (admin, nobody) = (&workspace.admin, workspace.admin.stranger());
        let http = reqwest::Client::new();
        let document = admin.get("/openapi.json").await.ok();
        let mut seen = 0;
        for (pattern, item) in document["paths"].as_object().unwrap() {
            let parts = pattern.split('/').map(|part| if part.starts_with('{') { UNKNOWN } else { part });
            let path = parts.collect::<Vec<_>>().join("/");
            for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let mut answers = vec![asked(&http, &nobody, &method, &path).await];
                if method == Method::GET {
                    answers.push(asked(&http, admin, &method, &path).await);
                }
                for answer in answers {
                    let place = format!("{method} {pattern}: {}", answer.status());
                    let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap());
                    for (name, begins) in ALWAYS {
                        let found = header(name).unwrap_or_else(|| panic!("{place} has no {name}"));
                        // Whoever has the address of a public form comes in: no site is told of it.
                        let is_public = pattern.starts_with("/api/v1/public/") && name == "referrer-policy";
                        let begins = if is_public { "no-referrer" } else { begins };
                        assert!(found.starts_with(begins), "{place}: {name} is {found}");
                    }
                    let policy = header("content-security-policy").unwrap();
                    assert!(policy.contains("frame-ancestors 'none'"), "{place}: {policy}");
                    assert!(
                        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                        "{place}"
                    );
                    assert!(header("x-request-id").is_some_and(|id| !id.is_empty()), "{place}");
                    // A stream of news says so in words of its own.
                    if pattern.starts_with("/api/") && !pattern.ends_with("/events") {
                        assert_eq!(header("cache-control"), Some("no-store"), "{place}");
                    }
                    seen += 1;
                }
            }
        }
        assert!(seen > 200, "{seen}");
    })
    .await;
}
