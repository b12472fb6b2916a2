//! The API's own description, and that each of its doors is locked.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tests::workspace::UNKNOWN;
use tests::{Client, on_both_shared};

/// Where the routes are declared; the black-box test reads it so that none can be left out of the description.
const ROUTES: &str = include_str!("../../../server/src/api/routes.rs");

/// Every declared route: method, path, policy.
fn declared() -> Vec<(String, String, String)> {
    let lines = ROUTES.lines().map(str::trim);
    let routes = lines.filter_map(|line| {
        let (method, rest) = line.split_once(char::is_whitespace)?;
        let path = rest.trim().strip_prefix('"')?;
        let (path, rest) = path.split_once('"')?;
        let policy = rest.split_whitespace().next()?;
        let known = ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method);
        known.then(|| (method.to_owned(), path.to_owned(), policy.to_owned()))
    });
    routes.collect()
}

/// Policies that let somebody without an account come as far as the handler.
fn is_for_strangers(policy: &str) -> bool {
    ["Open", "Public"].contains(&policy)
}

/// Every operation of the description: method, path, and whether anybody may call it.
fn described(document: &Value) -> Vec<(String, String, bool)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter().filter(|(method, _)| *method != "parameters");
        methods.map(|(method, operation)| {
            let is_open = operation["security"]
                .as_array()
                .is_some_and(|needed| needed.is_empty() || needed.contains(&json!({})));
            (method.to_uppercase(), path.clone(), is_open)
        })
    });
    operations.collect()
}

#[tokio::test]
async fn the_description_is_openapi_and_names_every_route() {
    on_both_shared(async |workspace| {
        let document = workspace.admin.stranger().get("/openapi.json").await.ok();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
        let described = described(&document);
        let known: BTreeSet<_> =
            described.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
        let declared = declared();
        assert!(declared.len() > 60, "{}", declared.len());
        for (method, path, policy) in &declared {
            assert!(known.contains(&format!("{method} {path}")), "{method} {path} is not described");
            let open = described.iter().any(|(m, p, open)| (m, p) == (method, path) && *open);
            assert_eq!(open, is_for_strangers(policy), "{method} {path}");
        }
        assert_eq!(known.len(), declared.len(), "nothing is described that is not there");

        let mut ids = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{path}");
                assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{path}");
                assert!(!operation["responses"].as_object().unwrap().is_empty(), "{path}");
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                for name in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                    let told = parameters
                        .iter()
                        .any(|one| one["name"] == name && one["in"] == "path" && one["required"] == true);
                    assert!(told, "{path} does not describe {name}");
                }
            }
        }
        // What is referred to is there.
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(reference).is_some(), "{reference} leads nowhere");
        }
    })
    .await;
}

/// Each operation of the description, with its place.
fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    })
}

#[tokio::test]
async fn the_description_says_how_to_sign_in_and_what_a_change_has_to_bring_along() {
    on_both_shared(async |workspace| {
        let stranger = workspace.admin.stranger();
        let document = stranger.get("/openapi.json").await.ok();
        let schemes = &document["components"]["securitySchemes"];
        let session = &schemes["session"];
        assert_eq!(
            (&session["type"], &session["in"], &session["name"]),
            (&json!("apiKey"), &json!("cookie"), &json!("sid"))
        );
        let token = &schemes["token"];
        assert_eq!((&token["type"], &token["scheme"]), (&json!("http"), &json!("bearer")));
        assert_eq!(document["security"], json!([{"session": []}, {"token": []}]), "one of them is enough");

        let (mut with_version, mut with_key) = (0, 0);
        for (place, operation) in operations(&document) {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let headers: Vec<&Value> = parameters.filter(|one| one["in"] == "header").collect();
            let header = |name: &str| headers.iter().find(|one| one["name"] == name);
            // What is refused without a version says that it takes one.
            assert_eq!(header("If-Match").is_some(), operation["responses"]["428"].is_object(), "{place}");
            with_version += usize::from(header("If-Match").is_some_and(|header| header["required"] == true));
            let key = header("Idempotency-Key");
            assert!(key.is_none() || !place.starts_with("GET "), "{place}");
            with_key += usize::from(key.is_some_and(|header| header["required"] == false));
        }
        assert!(with_version > 20 && with_key > 40, "{with_version}, {with_key}");

        let body = |method: &str, path: &str| {
            document["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"].clone()
        };
        for (method, path, name) in [
            ("put", "/api/v1/forms/{form}/draft", "form"),
            ("put", "/api/v1/forms/{form}/flow/draft", "flow"),
            ("post", "/api/v1/apps/{app}/aggregates", "aggregate"),
            ("post", "/api/v1/forms/{form}/permissions", "permission-group"),
            ("post", "/api/v1/apps/{app}/dashboards", "dashboard"),
            ("post", "/api/v1/forms/{form}/views", "view"),
            ("post", "/api/v1/forms/{form}/prints", "print"),
        ] {
            assert_eq!(body(method, path), json!({"$ref": format!("/api/v1/schemas/{name}")}), "{path}");
            stranger.get(&format!("/schemas/{name}")).await.ok();
        }
        let form = body("post", "/api/v1/apps/{app}/forms");
        assert_eq!(form["anyOf"][0], json!({"$ref": "/api/v1/schemas/form"}), "{form}");
    })
    .await;
}

#[tokio::test]
async fn the_description_is_a_page_to_read_in_three_languages() {
    on_both_shared(async |workspace| {
        let stranger = workspace.admin.stranger();
        let http = reqwest::Client::new();
        let get = async |path: &str, language: &str| {
            let request = http.get(format!("{}{path}", stranger.url())).header("accept-language", language);
            request.send().await.unwrap()
        };
        let document = stranger.get("/openapi.json").await.ok();
        for (language, word) in [("zh-CN", "参数"), ("zh-TW", "參數"), ("en", "Parameters")] {
            let page = get("/api/docs", language).await;
            assert_eq!(page.status(), 200);
            assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
            assert_eq!(page.headers()["content-language"], language);
            let page = page.text().await.unwrap();
            assert!(page.contains(&format!("<h3>{word}</h3>")), "{word}");
            for (path, item) in document["paths"].as_object().unwrap() {
                for about in item.as_object().unwrap().values() {
                    let id = about["operationId"].as_str().unwrap();
                    assert!(page.contains(&format!("<div id=\"{id}\">")), "{path}");
                }
            }
            // Nothing comes from elsewhere.
            for target in [" src=", "href=\"http", "href=\"//", "<script"] {
                assert!(!page.contains(target), "{target}");
            }
        }
        let chosen = get("/api/docs?language=zh-TW", "en").await.text().await.unwrap();
        assert!(chosen.contains("<html lang=\"zh-TW\">"));
        assert_eq!(get("/api/docs?language=fr", "en").await.status(), 422);
        let style = get("/api/docs/style.css", "en").await;
        assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
        let style = style.text().await.unwrap();
        assert!(style.contains("prefers-color-scheme: dark") && !style.contains("@import"));
    })
    .await;
}

#[tokio::test]
async fn documents_have_schemas_that_say_what_is_in_them() {
    on_both_shared(async |workspace| {
        let stranger = workspace.admin.stranger();
        for name in ["form", "flow", "aggregate", "permission-group", "dashboard", "view", "print", "package"]
        {
            let schema = stranger.get(&format!("/schemas/{name}")).await.ok();
            assert!(schema["$schema"].as_str().unwrap().contains("2020-12"), "{name}");
            jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        stranger.get("/schemas/nothing").await.refused(404, "not_found");
        // What the server gives of a form is what its schema says.
        let form = workspace.form(tests::design::form("order", [tests::design::text("name")])).await;
        let schema = jsonschema::validator_for(&stranger.get("/schemas/form").await.ok()).unwrap();
        let draft = workspace.admin.get(&form.path("/draft")).await.ok();
        let told = schema.validate(&draft["definition"]).map_err(|error| error.to_string());
        assert_eq!(told, Ok(()), "{draft}");
    })
    .await;
}

async fn knock(who: &Client, method: &str, path: &str) -> tests::Answer {
    let path = path.replace("{template}", "crm").replace("{key}", "crm");
    let filled: Vec<_> =
        path.split('/').map(|part| if part.starts_with('{') { UNKNOWN } else { part }).collect();
    let path = filled.join("/");
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    // What is outside the API stands beside it.
    let url = format!("{}{path}", who.url());
    let mut request = who.request(method.clone(), "").header("if-match", "*").build().unwrap();
    *request.url_mut() = url.parse().unwrap();
    if method != Method::GET {
        request.headers_mut().insert("content-type", "application/json".parse().unwrap());
        *request.body_mut() = Some("{}".into());
    }
    who.execute(request).await
}

#[tokio::test]
async fn nobody_comes_in_without_signing_in() {
    on_both_shared(async |workspace| {
        let stranger = workspace.admin.stranger();
        for (method, path, policy) in declared() {
            if is_for_strangers(&policy) {
                continue;
            }
            let answer = knock(&stranger, &method, &path).await;
            assert_eq!(
                (answer.status, answer.body["code"].as_str()),
                (401, Some("sign_in_required")),
                "{method} {path}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn no_knock_of_a_member_breaks_the_server() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        for (method, path, policy) in declared() {
            // The streams stay open, and signing out would end the story.
            if path.ends_with("/events") || path.ends_with("/auth/logout") {
                continue;
            }
            let answer = knock(&mei, &method, &path).await;
            assert!(answer.status < 500, "{method} {path}: {} {}", answer.status, answer.body);
            // What ships is shown to all members, as the list of it is.
            let inside = path.contains('{') && policy != "Open" && path != "/api/v1/templates/{key}";
            let refused = answer.status >= 400;
            assert!(!inside || refused, "{method} {path}: {} {}", answer.status, answer.body);
            if policy == "Administer" {
                assert_eq!(
                    (answer.status, answer.body["code"].as_str()),
                    (403, Some("forbidden")),
                    "{method} {path}"
                );
            }
            if refused && policy != "Open" {
                assert_eq!(answer.headers["content-type"], "application/problem+json", "{method} {path}");
            }
        }
    })
    .await;
}
