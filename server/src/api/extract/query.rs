//! Parameters of the query.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use engine::text::Fault;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::api::Problem;
use crate::service::Refusal;

/// Of the name of a parameter that is not known, as far as it is told back.
const LONGEST_NAME: usize = 100;

/// The parameters after `?`, refused when one is unknown or does not fit.
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query<T>, Problem> {
        Ok(Query(read(&parts.uri)?))
    }
}

fn read<T: DeserializeOwned>(uri: &Uri) -> Result<T, Refusal> {
    refuse_nul(uri.query().unwrap_or_default())?;
    let read = axum::extract::Query::try_from_uri(uri);
    let axum::extract::Query(value) =
        read.map_err(|rejection| Refusal::invalid(vec![fault_of(&rejection.body_text())]))?;
    Ok(value)
}

/// Refuses a NUL character, which not every database can compare with, at the parameter that holds it. In an address it is
/// `%00` and nothing else: a percent sign that means itself is `%25`.
fn refuse_nul(query: &str) -> Result<(), Refusal> {
    let Some(pair) = query.split('&').find(|pair| pair.contains("%00")) else { return Ok(()) };
    let name: String = pair.split(['=', '%']).next().unwrap_or_default().chars().take(LONGEST_NAME).collect();
    Err(Refusal::invalid(vec![Fault::new(name, "bad_parameter")]))
}

/// What a route takes that reads no parameters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Refuses every parameter where a route reads none, as one that is not known is refused where it reads some: who has
/// misspelt one is not answered as if they had not asked for anything.
pub async fn refuse_unread(State(refuses): State<bool>, request: Request, next: Next) -> Response {
    if refuses && let Err(refusal) = read::<Nothing>(request.uri()) {
        return Problem::from(refusal).into_response();
    }
    next.run(request).await
}

/// What the reader of the query says, `…: NAME: what is wrong`, as a fault at the parameter.
fn fault_of(words: &str) -> Fault {
    let words = words.split_once(": ").map_or(words, |(_, words)| words);
    // The name of one that is not known may be anything, and as long as an address.
    let is_told_twice =
        |(name, rest): &(&str, &str)| rest.strip_prefix(*name).is_some_and(|rest| rest.starts_with('`'));
    if let Some((name, _)) = words.split_once(": unknown field `").filter(is_told_twice) {
        let name: String = name.chars().take(LONGEST_NAME).collect();
        return Fault::new(name.clone(), "unknown_member").arg("member", name);
    }
    let named = words.split('`').nth(1).unwrap_or_default();
    let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let (name, said) = words.split_once(": ").filter(|(name, _)| is_name(name)).unwrap_or(("", words));
    if said.starts_with("missing field") {
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
    fn where_none_is_read_every_parameter_is_refused_by_its_name() {
        for nothing in ["/a", "/a?", "/a?&"] {
            assert!(read::<Nothing>(&nothing.parse().unwrap()).is_ok(), "{nothing}");
        }
        for (query, name) in [
            ("limit=5", "limit"),
            ("q", "q"),
            ("Limit=&x=1", "Limit"),
            ("a%20b=1", "a b"),
            ("a%3A%20b=1", "a: b"),
        ] {
            let refused = read::<Nothing>(&format!("/a?{query}").parse().unwrap()).unwrap_err();
            let told: Vec<(&str, &str)> =
                refused.faults.iter().map(|fault| (fault.path.as_str(), &*fault.code)).collect();
            assert_eq!((refused.code, told), ("unknown_member", vec![(name, "unknown_member")]), "{query}");
        }
        let long = format!("/a?{}=1", "x".repeat(10_000));
        let refused = read::<Nothing>(&long.parse().unwrap()).unwrap_err();
        assert_eq!(refused.faults[0].path.len(), LONGEST_NAME);
    }

    #[test]
    fn a_nul_is_refused_at_its_parameter() {
        for (query, name) in
            [("which=open&limit=%00", "limit"), ("which=a%00b", "which"), ("wh%00ich=open", "wh")]
        {
            let refused = read::<Asked>(&format!("/a?{query}").parse().unwrap()).unwrap_err();
            let told: Vec<(&str, &str)> =
                refused.faults.iter().map(|fault| (fault.path.as_str(), &*fault.code)).collect();
            assert_eq!(told, [(name, "bad_parameter")], "{query}");
        }
        assert!(read::<Nothing>(&"/a?which=%00".parse().unwrap()).is_err());
        let refused = read::<Asked>(&"/a?which=%2500".parse().unwrap()).unwrap_err();
        assert_eq!(refused.faults[0].path, "which", "a percent sign and two naughts are no NUL");
        assert!(refuse_nul("which=%2500").is_ok());
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
