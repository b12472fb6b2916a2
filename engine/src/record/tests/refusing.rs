//! What is wrong with a record, in which order, and what is too long for an index.

use super::*;

#[test]
fn faults_come_in_the_order_of_the_form_whatever_was_sent_first() {
    let form = publish(&[json!({"key": "f", "label": "f", "fields": [
        {"key": "z", "label": "z", "kind": "number"},
        {"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [
            {"key": "y", "label": "y", "kind": "number"}, {"key": "b", "label": "b", "kind": "number"}]}},
        {"key": "a", "label": "a", "kind": "date"}]})])
    .unwrap();
    let sent = json!({"nobody": 1, "a": "x", "lines": [{"b": "x", "y": "x"}], "z": "x"});
    let refused = read_new_fields(&form, sent.as_object().unwrap(), &ReadPolicy::unrestricted()).unwrap_err();
    let places: Vec<&str> = refused.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(places, ["z", "lines.0.y", "lines.0.b", "a", "nobody"]);
}

#[test]
fn a_text_that_is_told_from_all_others_or_sorted_by_its_sound_is_no_longer_than_an_index_takes() {
    let fields = json!([
        {"key": "code", "label": "code", "kind": "text", "unique": true},
        {"key": "from", "label": "from", "kind": "text"},
        {"key": "name", "label": "name", "kind": "text", "options": {"sort": "pinyin"}},
        {"key": "free", "label": "free", "kind": "text"}]);
    let form = publish(&[json!({"key": "f", "label": "f", "fields": fields, "unique": [["from"]]})]).unwrap();
    let faults = |length: usize| {
        let mut draft = Draft::new(form.clone(), context());
        for key in ["code", "from", "name", "free"] {
            draft.set(key, Value::text("长".repeat(length)));
        }
        let faults = draft.faults(&|_| true);
        faults.iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect::<Vec<_>>()
    };
    assert_eq!(faults(500), [""; 0]);
    assert_eq!(faults(501), ["code: too_long", "from: too_long", "name: too_long"]);
}

#[test]
fn texts_that_are_told_from_others_together_share_their_length() {
    let text = |key: &str| json!({"key": key, "label": key, "kind": "text"});
    let fields = json!([text("from"), text("to"), {"key": "no", "label": "no", "kind": "number"}]);
    let unique = json!([["from", "to", "no"]]);
    let form = publish(&[json!({"key": "f", "label": "f", "fields": fields, "unique": unique})]).unwrap();
    let faults = |length: usize| {
        let mut draft = Draft::new(form.clone(), context());
        for key in ["from", "to"] {
            draft.set(key, Value::text("长".repeat(length)));
        }
        let faults = draft.faults(&|_| true);
        faults.iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect::<Vec<_>>()
    };
    assert_eq!(faults(325), [""; 0]);
    assert_eq!(faults(326), ["from: too_long", "to: too_long"]);
}
