//! Parameters of the query.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use engine::text::Fault;
use serde::de::DeserializeOwned;

use crate::api::Problem;
use crate::service::Refusal;

/// The parameters after `?`, refused when one is unknown or does not fit.
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Problem> {
        let axum::extract::Query(value) = axum::extract::Query::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::from(Refusal::invalid(vec![fault_of(&rejection.body_text())])))?;
        Ok(Query(value))
    }
}

/// What the reader of the query says, `…: NAME: what is wrong`, as a fault at the parameter.
fn fault_of(words: &str) -> Fault {
    let words = words.split_once(": ").map_or(words, |(_, words)| words);
    let named = words.split('`').nth(1).unwrap_or_default();
    let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let (name, said) = words.split_once(": ").filter(|(name, _)| is_name(name)).unwrap_or(("", words));
    if said.starts_with("unknown field") {
        Fault::new(named, "unknown_member").arg("member", named)
    } else if said.starts_with("missing field") {
        Fault::new(named, "required")
    } else if said.starts_with("duplicate field") {
        Fault::new(named, "repeated_member").arg("member", named)
    } else {
        Fault::new(name, "bad_parameter")
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        #[allow(dead_code)]
        which: Which,
        #[allow(dead_code)]
        limit: Option<u32>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Which {
        Open,
    }

    #[test]
    fn a_parameter_that_does_not_fit_is_named() {
        for (query, path, code) in [
            ("limit=5", "which", "required"),
            ("which=open&limit=many", "limit", "bad_parameter"),
            ("which=shut", "which", "bad_parameter"),
            ("which=open&colour=red", "colour", "unknown_member"),
            ("which=open&limit=1&limit=2", "limit", "repeated_member"),
        ] {
            let uri = format!("/a?{query}");
            let (parts, ()) = Request::builder().uri(uri).body(()).unwrap().into_parts();
            let refused = axum::extract::Query::<Asked>::try_from_uri(&parts.uri).unwrap_err();
            let fault = fault_of(&refused.body_text());
            assert_eq!((fault.path.as_str(), &*fault.code), (path, code), "{query}");
            assert!(!fault.args.contains_key("detail"), "{fault:?}");
        }
        assert!(matches!(
            axum::extract::Query::<Asked>::try_from_uri(&"/a?which=open".parse().unwrap()),
            Ok(axum::extract::Query(Asked { which: Which::Open, limit: None }))
        ));
    }
}
