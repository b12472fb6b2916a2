//! The kinds that hold ids: of people, departments, records and files.

use serde_json::{Value, json};
use tests::workspace::UNKNOWN;

use super::known::Known;
use super::table::{Row, Values};
use super::values::{many, one_of, presence};

pub fn references(known: &Known) -> Vec<Row> {
    let two = |of: &[(String, String)]| (json!(of[0].0), json!(of[1].0));
    let ((ann, bob), (one, other)) = (two(&known.people), two(&known.records));
    let ids = |of: &[(String, String)]| [of[0].0.clone(), of[1].0.clone()];
    let (people, records) = (ids(&known.people), ids(&known.records));
    let (first, second) = (known.files[0].as_str(), known.files[1].as_str());
    let mut files = Values::new(json!([first]), json!([second]), [first, second], Vec::new())
        .unsorted()
        .refused([(json!([UNKNOWN]), "not_an_id"), (json!("a.txt"), "not_an_id"), (json!(7), "wrong_type")]);
    files.groups = Some(vec![(json!(first), 1), (json!(second), 1), (Value::Null, 1)]);
    files.finds = presence();
    files.finds.extend([
        ("has_any", json!([first]), "0"),
        ("has_all", json!([first, second]), ""),
        ("has_none", json!([first]), "1n"),
    ]);
    vec![
        Values::new(ann.clone(), bob.clone(), [people[0].as_str(), people[1].as_str()], one_of(ann, bob))
            .refused([(json!(UNKNOWN), "not_an_id"), (json!("Ann"), "not_an_id")])
            .in_cells([(known.people[0].1.as_str(), 0), (known.people[1].1.as_str(), 1)])
            .from("text", [("x", Value::Null)])
            .of("member", Value::Null),
        Values::new(
            one.clone(),
            other.clone(),
            [records[0].as_str(), records[1].as_str()],
            one_of(one, other),
        )
        .refused([(json!(UNKNOWN), "dead_link"), (json!(7), "wrong_type")])
        .in_cells([(known.records[0].1.as_str(), 0), (known.records[1].1.as_str(), 1)])
        .from("text", [("x", Value::Null)])
        .of("link", json!({"form": "target"}))
        .bad([(json!({"form": "nowhere"}), "form", "unknown_form")]),
        files.of("files", Value::Null),
    ]
}

type Named = [(String, String)];

/// One of two that are known by their ids, and both.
fn one_and_both(of: &Named) -> Values {
    let (first, second) = (of[0].0.as_str(), of[1].0.as_str());
    let both = format!("{first}, {second}");
    let finds = many(json!(first), json!(second));
    let mut values = Values::new(json!([first]), json!([first, second]), [first, &both], finds)
        .unsorted()
        .typed([(json!(first), 0), (json!([first, first]), 0)])
        .from("text", [("x", Value::Null)]);
    values.groups = Some(vec![(json!(first), 2), (json!(second), 1), (Value::Null, 1)]);
    values.cells = vec![(of[0].1.clone(), 0), (format!("{}; {}", of[0].1, of[1].1), 1)];
    values
}

pub fn several(known: &Known) -> Vec<Row> {
    vec![
        one_and_both(&known.people)
            .refused([(json!([UNKNOWN]), "not_an_id"), (json!(7), "wrong_type")])
            .of("members", Value::Null)
            .bad([(json!({"within": [""]}), "within/0", "not_an_id")]),
        one_and_both(&known.records)
            .refused([(json!([UNKNOWN]), "dead_link"), (json!(7), "wrong_type")])
            .of("links", json!({"form": "target"}))
            .bad([(json!({"form": "nowhere"}), "form", "unknown_form")]),
    ]
}

pub fn departments(known: &Known) -> Vec<Row> {
    let (ann, north, south) =
        (json!(known.people[0].0), json!(known.departments[0].0), json!(known.departments[1].0));
    let mut finds = one_of(north.clone(), south.clone());
    finds.push(("within", north.clone(), "0"));
    let labels = [known.departments[0].0.as_str(), known.departments[1].0.as_str()];
    let mut both = one_and_both(&known.departments);
    both.finds.push(("within", north.clone(), "01"));
    vec![
        Values::new(north.clone(), south, labels, finds)
            .refused([(json!(UNKNOWN), "not_an_id"), (ann.clone(), "not_an_id"), (json!(7), "wrong_type")])
            .in_cells([(known.departments[0].1.as_str(), 0), (known.departments[1].1.as_str(), 1)])
            .from("text", [("x", Value::Null)])
            .of("department", Value::Null)
            .bad([(json!({"within": ["$my_subordinates"]}), "within/0", "not_an_id")]),
        both.refused([(json!([ann]), "not_an_id")]).of("departments", Value::Null).bad([(
            json!({"within": ["$my_subordinates"]}),
            "within/0",
            "not_an_id",
        )]),
    ]
}

pub fn pictures(known: &Known) -> Vec<Row> {
    let all: Vec<&str> = known.pictures.iter().map(String::as_str).collect();
    let mut images = Values::new(json!([all[0]]), json!([all[1]]), [all[0], all[1]], presence())
        .unsorted()
        .refused([(json!([UNKNOWN]), "not_an_id"), (json!("a.png"), "not_an_id"), (json!(7), "wrong_type")]);
    images.groups = Some(vec![(json!(all[0]), 1), (json!(all[1]), 1), (Value::Null, 1)]);
    vec![
        images.of("images", Value::Null).bad([
            (json!({"types": [".pdf"]}), "types/0", "not_a_picture"),
            (json!({"max_count": 0}), "max_count", "too_small"),
        ]),
        Values::of_texts(all[2], all[3], presence())
            .refused([(json!(UNKNOWN), "not_an_id"), (json!("Ann"), "not_an_id"), (json!(7), "wrong_type")])
            .of("signature", Value::Null),
    ]
}
