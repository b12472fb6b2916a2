//! Members that JSON says twice. A reader that takes the last of them takes what its writer may not have meant, and two
//! readers may take different ones.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The dotted path of the first member that stands twice in its object; `None` where there is none, and for what is no
/// JSON, of which its reader says so.
pub fn repeated_member(json: &[u8]) -> Option<String> {
    Look.deserialize(&mut serde_json::Deserializer::from_slice(json)).ok().flatten()
}

/// Looks at a part of a document, and gives the path in it.
struct Look;

impl<'de> DeserializeSeed<'de> for Look {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, part: D) -> Result<Option<String>, D::Error> {
        part.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look {
    type Value = Option<String>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<String>, A::Error> {
        for place in 0usize.. {
            match items.next_element_seed(Look)? {
                None => break,
                Some(None) => {}
                Some(Some(inner)) => {
                    while items.next_element::<IgnoredAny>()?.is_some() {}
                    return Ok(Some(format!("{place}.{inner}")));
                }
            }
        }
        Ok(None)
    }

    // Numbers come here as well: they keep their digits as a map of one member.
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<String>, A::Error> {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            let is_new = !seen.contains(&name);
            let inner = members.next_value_seed(Look)?;
            let found = match (is_new, inner) {
                (false, _) => Some(name.clone()),
                (true, Some(inner)) => Some(format!("{name}.{inner}")),
                (true, None) => None,
            };
            if found.is_some() {
                while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(found);
            }
            seen.insert(name);
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::repeated_member;

    #[test]
    fn a_member_that_stands_twice_is_found_where_it_stands() {
        for (json, path) in [
            (r#"{"a":1,"a":2}"#, "a"),
            (r#"{"a":1.5,"b":[{"c":null},{"c":1,"d":true,"c":"x"}],"a":1}"#, "b.1.c"),
            (r#"{"fields":{"name":"x","lines":[{"qty":1,"\u0071ty":2}]}}"#, "fields.lines.0.qty"),
            (r#"[[],{"a":{"":1,"":2}}]"#, "1.a."),
            (r#"{"a":{"b":1},"a":{"b":1}}"#, "a"),
        ] {
            assert_eq!(repeated_member(json.as_bytes()).as_deref(), Some(path), "{json}");
        }
        for json in [
            r#"{"a":{"b":1},"c":{"b":1}}"#,
            r#"[{"a":1},{"a":1e400},12345678901234567890.12]"#,
            r#"{"a":"a","b":"a"}"#,
            "null",
            "-1",
            "",
            r#"{"a":1,"a""#,
            "[1,2",
        ] {
            assert_eq!(repeated_member(json.as_bytes()), None, "{json}");
        }
    }
}
