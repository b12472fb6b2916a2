//! Reading JSON exactly: unknown members, members said twice and other types are refused, with their place.

use engine::text::Fault;
use engine::value::repeated_member;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_json::error::Category;

use super::{Cause, Refusal};

/// Reads the bytes of a request.
///
/// # Errors
/// `malformed_json`; a fault with the dotted path of what does not fit.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> Result<T, Refusal> {
    if let Some(path) = repeated_member(json) {
        let member = path.rsplit('.').next().unwrap_or_default().to_string();
        return Err(Refusal::invalid(vec![Fault::new(path, "repeated_member").arg("member", member)]));
    }
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        match error.classify() {
            Category::Data => mismatch(&path, &error.to_string()),
            Category::Io | Category::Syntax | Category::Eof => malformed(&error),
        }
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

/// Reads a design document. Paths of faults are JSON pointers into it.
///
/// # Errors
/// The fault of what does not fit.
pub fn document<T: DeserializeOwned>(json: Json) -> Result<T, Refusal> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = error.path().to_string();
        let mut refusal = mismatch(&path, &error.into_inner().to_string());
        for fault in &mut refusal.faults {
            fault.path = pointer(&fault.path);
        }
        refusal
    })
}

/// A dotted path as a JSON pointer.
pub fn pointer(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("/{}", path.replace('.', "/")) }
}

/// What is no JSON: where it ceases to be, and beside it what the parser says, for who writes programs.
fn malformed(error: &serde_json::Error) -> Refusal {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    let refusal = Refusal::new(Cause::Malformed, "malformed_json").arg("why", "place");
    refusal.arg("line", error.line()).arg("column", error.column()).member("parser", words.into())
}

/// What holds a NUL character, which not every database can store.
pub fn with_nul() -> Refusal {
    Refusal::new(Cause::Malformed, "malformed_json").arg("why", "nul")
}

/// Readable JSON of another shape. serde tells the kinds of mismatch apart only in words.
fn mismatch(path: &str, words: &str) -> Refusal {
    let words = words.split(" at line ").next().unwrap_or(words);
    let path = dotted(path);
    let named = || words.split('`').nth(1).unwrap_or_default().to_string();
    let fault = if words.starts_with("unknown field") {
        let member = named();
        // The reader stops at the unknown member itself, or at the object that holds it.
        let path = match (path.is_empty(), path == member || path.ends_with(&format!(".{member}"))) {
            (true, _) => member.clone(),
            (false, true) => path,
            (false, false) => format!("{path}.{member}"),
        };
        Fault::new(path, "unknown_member").arg("member", member)
    } else if words.starts_with("missing field") {
        let member = named();
        Fault::new(if path.is_empty() { member } else { format!("{path}.{member}") }, "required")
    } else {
        told(Fault::new(path, "wrong_type"), words)
    };
    Refusal::invalid(vec![fault])
}

/// The fault with what of serde's words says something to who writes JSON: what was found, or which words are known. How
/// this program calls its types is nobody's business; the words of its own readers stay as they are.
fn told(fault: Fault, words: &str) -> Fault {
    let found = words.strip_prefix("invalid type: ").or_else(|| words.strip_prefix("invalid value: "));
    if let Some(found) = found {
        return fault.arg("found", json_type(found));
    }
    if words.starts_with("unknown variant ") {
        let known = words.split_once(", expected ").map_or("", |(_, known)| known);
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        return fault.arg("known", known.join(", "));
    }
    if ["invalid length", "data did not match"].iter().any(|start| words.starts_with(start)) {
        return fault;
    }
    fault.arg("detail", words)
}

/// What serde says it found, by JSON's own name.
fn json_type(found: &str) -> &'static str {
    match found.split([' ', ',']).next().unwrap_or_default() {
        "map" => "object",
        "sequence" => "array",
        "string" | "character" => "string",
        "integer" | "floating" | "number" => "number",
        "boolean" => "boolean",
        "null" | "unit" | "Option" => "null",
        _ => "value",
    }
}

/// `a.b[0].c` as `a.b.0.c`; a place that is not known is left out.
fn dotted(path: &str) -> String {
    let path = path.replace('[', ".").replace(']', "").replace(".?", "").replace('?', "");
    path.trim_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use engine::text::Language;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[allow(dead_code)]
        qty: u8,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[allow(dead_code)]
        rows: Vec<Inner>,
    }

    fn first(refusal: &Refusal) -> (&str, &str) {
        refusal.faults.first().map_or((refusal.code, ""), |fault| (&fault.code, &fault.path))
    }

    #[test]
    fn a_mismatch_says_what_and_where() {
        let says = |json: &str, code: &str, path: &str| {
            let refusal = from_slice::<Outer>(json.as_bytes()).unwrap_err();
            assert_eq!(first(&refusal), (code, path), "{json}");
        };
        says(r#"{"rows":[{"qty":1}],"x":1}"#, "unknown_member", "x");
        says(r#"{"rows":[{"qty":1,"y":2}]}"#, "unknown_member", "rows.0.y");
        says(r#"{"rows":[{}]}"#, "required", "rows.0.qty");
        says(r#"{}"#, "required", "rows");
        says(r#"{"rows":[{"qty":"a"}]}"#, "wrong_type", "rows.0.qty");
        says(r#"{"rows":["#, "malformed_json", "");
        says(r#"{"rows":[{"qty":1,"qty":2}]}"#, "repeated_member", "rows.0.qty");
        says(r#"{"rows":[],"rows":[]}"#, "repeated_member", "rows");
        says(r#"{"rows":[]} x"#, "malformed_json", "");
    }

    #[test]
    fn what_is_no_json_is_told_by_its_place() {
        let refusal = from_slice::<Outer>(b"{\"rows\": [\n  x]}").unwrap_err();
        let told = refusal.document(Language::ZhCn);
        assert_eq!(told["detail"], "请求不是可读的 JSON：见第 2 行第 3 列。");
        assert_eq!(told["parser"], "expected value");
        let told = refusal.document(Language::En);
        assert_eq!(told["detail"], "The request is not readable JSON: see line 2, column 3.");
        let told = with_nul().document(Language::ZhTw);
        assert_eq!(told["detail"], "請求不是可讀的 JSON：其中有 NUL 字元。");
    }

    #[test]
    fn nobody_hears_how_the_program_calls_its_types() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Mode {
            Create,
            Update,
        }
        #[derive(Debug, serde::Deserialize)]
        struct Asked {
            #[allow(dead_code)]
            mode: Mode,
        }
        let args = |json: &str| {
            let refusal = from_slice::<Outer>(json.as_bytes()).unwrap_err();
            refusal.faults[0].args.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
        };
        assert_eq!(args(r#"{"rows":null}"#), ["found: null"]);
        assert_eq!(args(r#"{"rows":{"a":1}}"#), ["found: object"]);
        assert_eq!(args(r#"{"rows":[7]}"#), ["found: number"]);
        assert_eq!(args("null"), ["found: null"]);
        let refusal = from_slice::<Asked>(br#"{"mode":"destroy"}"#).unwrap_err();
        assert_eq!(refusal.faults[0].args["known"], "create, update");
        assert!(matches!(from_slice::<Asked>(br#"{"mode":"create"}"#), Ok(Asked { mode: Mode::Create })));
        assert!(matches!(from_slice::<Asked>(br#"{"mode":"update"}"#), Ok(Asked { mode: Mode::Update })));
    }

    #[test]
    fn a_document_s_faults_have_pointers() {
        let refusal = document::<Outer>(serde_json::json!({"rows": [{"qty": "a"}]})).unwrap_err();
        assert_eq!(first(&refusal), ("wrong_type", "/rows/0/qty"));
    }
}
