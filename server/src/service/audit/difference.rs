//! What became of a thing, told by its members.

use serde_json::{Map, Value as Json, json};

/// The members that differ: `{"name": {"old": "A", "new": "B"}}`; of a list what came and what went:
/// `{"members": {"added": [5], "removed": []}}`. A thing that is new or gone has null on the other side.
pub fn difference(old: &Json, new: &Json) -> Json {
    let none = Map::new();
    let (old, new) = (old.as_object().unwrap_or(&none), new.as_object().unwrap_or(&none));
    let mut changes = Map::new();
    for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
        let was = old.get(name).unwrap_or(&Json::Null);
        let is = new.get(name).unwrap_or(&Json::Null);
        if was == is {
            continue;
        }
        let told = match (was, is) {
            (Json::Array(was), Json::Array(is)) => {
                json!({"added": without(is, was), "removed": without(was, is)})
            }
            _ => json!({"old": was, "new": is}),
        };
        changes.insert(name.clone(), told);
    }
    Json::Object(changes)
}

fn without(all: &[Json], others: &[Json]) -> Vec<Json> {
    // A role may have ten thousand members: by their texts, so that none is looked for among all.
    let others: std::collections::BTreeSet<String> = others.iter().map(Json::to_string).collect();
    all.iter().filter(|one| !others.contains(&one.to_string())).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_told_with_what_was_and_what_is() {
        let old = json!({"name": "A", "head": null, "members": [1, 2], "same": 1});
        let new = json!({"name": "B", "head": 7, "members": [2, 3], "same": 1, "fresh": true});
        assert_eq!(
            difference(&old, &new),
            json!({
                "name": {"old": "A", "new": "B"}, "head": {"old": null, "new": 7},
                "members": {"added": [3], "removed": [1]}, "fresh": {"old": null, "new": true},
            })
        );
        assert_eq!(difference(&Json::Null, &json!({"a": 1})), json!({"a": {"old": null, "new": 1}}));
        assert_eq!(difference(&new, &new), json!({}));
    }
}
