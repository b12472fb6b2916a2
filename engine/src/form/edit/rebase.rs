//! Commands that were made on one draft, on another one that somebody else has made of it in the meantime.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Edit, layouts};
use crate::form::FormDocument;

/// Own commands, on what somebody else has made of the draft.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rebased {
    /// Those that still mean something there, in order. Where both have made a field of one key, the own one has another.
    pub edits: Vec<Edit>,
    /// Those that touch what the other has changed too: nobody but their maker can say which is right.
    pub left: Vec<Edit>,
    /// The paths by now of own fields that have other keys than they were made with.
    pub names: Names,
}

/// New paths of fields by those that they had.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The path that a field, or a column of a sub-form, has by now.
    pub fn now(&self, path: &str) -> String {
        if let Some(name) = self.0.get(path) {
            return name.clone();
        }
        match path.split_once('.') {
            Some((subform, column)) => {
                let subform = self.0.get(subform).map_or(subform, String::as_str);
                format!("{subform}.{column}")
            }
            None => path.to_string(),
        }
    }
}

/// Carries commands over that were made on `base`, where the draft is `theirs` by now.
pub fn rebase(own: &[Edit], base: &FormDocument, theirs: &FormDocument) -> Rebased {
    let mut run = Run { base, theirs, mine: base.clone(), now: theirs.clone(), names: Names::default() };
    let mut rebased = Rebased::default();
    for edit in own {
        let meant = run.meant(edit);
        // It was carried out on this once already.
        let _ = edit.apply(&mut run.mine);
        match meant {
            Meant::Done => {}
            Meant::Edit(meant) if meant.apply(&mut run.now).is_ok() => rebased.edits.push(*meant),
            Meant::Edit(_) | Meant::Collides => rebased.left.push(edit.clone()),
        }
    }
    rebased.names = run.names;
    rebased
}

/// What a command means on the other draft.
enum Meant {
    Edit(Box<Edit>),
    /// The other has done the same.
    Done,
    Collides,
}

struct Run<'d> {
    base: &'d FormDocument,
    theirs: &'d FormDocument,
    /// The own draft before the command.
    mine: FormDocument,
    /// What the other has made, with the own commands before this one.
    now: FormDocument,
    /// New keys of own fields whose keys are taken.
    names: Names,
}

impl Run<'_> {
    fn meant(&mut self, edit: &Edit) -> Meant {
        match edit {
            Edit::AddField { within, position, at, field } => {
                let within = within.as_ref().map(|subform| self.name(subform));
                let siblings = match &within {
                    None => Some(self.now.fields.len()),
                    Some(subform) => self.now.field(subform).map(|subform| subform.columns().len()),
                };
                let Some(count) = siblings else { return Meant::Collides };
                let mut field = field.clone();
                let path =
                    |key: &str| within.as_ref().map_or_else(|| key.to_string(), |it| format!("{it}.{key}"));
                if self.now.field(&path(&field.key)).is_some() {
                    let free = self.free_key(&field.key, &path);
                    self.names.0.insert(path(&field.key), path(&free));
                    field.key = free;
                }
                let position = position.map(|position| position.min(count));
                Meant::Edit(Box::new(Edit::AddField { within, position, at: *at, field }))
            }
            Edit::RemoveField { key } => match (self.base.field(key), self.theirs.field(key)) {
                (Some(_), None) => Meant::Done,
                (Some(before), Some(theirs)) if before != theirs => Meant::Collides,
                _ => Meant::Edit(Box::new(Edit::RemoveField { key: self.name(key) })),
            },
            Edit::MoveField { key, position, at } => {
                let key = self.name(key);
                let siblings = match key.split_once('.') {
                    None => self.now.fields.len(),
                    Some((subform, _)) => self.now.field(subform).map_or(0, |it| it.columns().len()),
                };
                if self.now.field(&key).is_none() {
                    return Meant::Done;
                }
                let position = (*position).min(siblings.saturating_sub(1));
                Meant::Edit(Box::new(Edit::MoveField { key, position, at: *at }))
            }
            Edit::Set { key, member, value } => self.set(key, member, value),
            Edit::SetKind { key, kind, options } => {
                let both = (self.base.field(key), self.theirs.field(key));
                let is_free = match both {
                    (None, _) => true,
                    (Some(before), Some(theirs)) => before.kind == theirs.kind,
                    (Some(_), None) => false,
                };
                let edit =
                    Edit::SetKind { key: self.name(key), kind: kind.clone(), options: options.clone() };
                if is_free { Meant::Edit(Box::new(edit)) } else { Meant::Collides }
            }
            Edit::SetForm { member, value } => {
                let of = |document: &FormDocument| at(document, member);
                let theirs = of(self.theirs);
                match (of(self.base) == theirs, theirs == *value) {
                    (_, true) => Meant::Done,
                    (true, _) => Meant::Edit(Box::new(edit.clone())),
                    (false, false) => Meant::Collides,
                }
            }
            Edit::SetLayout { layout } => {
                let name = |key: &str| self.name(key);
                let before = layouts::renamed(&self.mine.layout, &name);
                let own = layouts::renamed(layout, &name);
                match layouts::merged(&before, &own, &self.now.layout) {
                    Some(layout) => Meant::Edit(Box::new(Edit::SetLayout { layout })),
                    None => Meant::Collides,
                }
            }
            Edit::AddRule { .. }
            | Edit::RemoveRule { .. }
            | Edit::SetRule { .. }
            | Edit::AddValidation { .. }
            | Edit::RemoveValidation { .. }
            | Edit::SetValidation { .. } => self.listed(edit),
        }
    }

    fn set(&self, key: &str, member: &str, value: &Json) -> Meant {
        let edit = Edit::Set { key: self.name(key), member: member.to_string(), value: value.clone() };
        let Some(before) = self.base.field(key) else { return Meant::Edit(Box::new(edit)) };
        let Some(theirs) = self.theirs.field(key) else { return Meant::Collides };
        let is_kind_kept = before.kind.name() == theirs.kind.name() || !member.starts_with("options");
        let (old, new) = (at(before, member), at(theirs, member));
        match (is_kind_kept && old == new, is_kind_kept && new == *value) {
            (_, true) if old != new => Meant::Done,
            (true, _) => Meant::Edit(Box::new(edit)),
            (false, _) => Meant::Collides,
        }
    }

    /// Rules and checks are known by what they say: their places are others.
    fn listed(&self, edit: &Edit) -> Meant {
        let rule = |position: &usize| place_of(self.mine.rules.get(*position), &self.now.rules);
        let check = |position: &usize| place_of(self.mine.validate.get(*position), &self.now.validate);
        let edit = match edit {
            Edit::AddRule { position, rule } => Some(Edit::AddRule {
                position: position.map(|position| position.min(self.now.rules.len())),
                rule: rule.clone(),
            }),
            Edit::RemoveRule { position } => rule(position).map(|position| Edit::RemoveRule { position }),
            Edit::SetRule { position, rule: new } => {
                rule(position).map(|position| Edit::SetRule { position, rule: new.clone() })
            }
            Edit::AddValidation { position, validation } => Some(Edit::AddValidation {
                position: position.map(|position| position.min(self.now.validate.len())),
                validation: validation.clone(),
            }),
            Edit::RemoveValidation { position } => {
                check(position).map(|position| Edit::RemoveValidation { position })
            }
            Edit::SetValidation { position, validation } => check(position)
                .map(|position| Edit::SetValidation { position, validation: validation.clone() }),
            _others => None,
        };
        edit.map_or(Meant::Collides, |edit| Meant::Edit(Box::new(edit)))
    }

    fn name(&self, path: &str) -> String {
        self.names.now(path)
    }

    fn free_key(&self, key: &str, path: &dyn Fn(&str) -> String) -> String {
        let stem = key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_');
        let is_free =
            |key: &String| self.now.field(&path(key)).is_none() && self.mine.field(&path(key)).is_none();
        (1..).map(|number| format!("{stem}_{number}")).find(is_free).unwrap_or_default()
    }
}

/// A member as documents have it; `null` where it is not given.
fn at(of: &impl serde::Serialize, member: &str) -> Json {
    let whole = serde_json::to_value(of).unwrap_or_default();
    whole.pointer(&format!("/{}", member.replace('.', "/"))).cloned().unwrap_or_default()
}

fn place_of<T: PartialEq>(own: Option<&T>, theirs: &[T]) -> Option<usize> {
    theirs.iter().position(|item| Some(item) == own)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn base() -> FormDocument {
        serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
            {"key": "a", "label": "A", "kind": "text"}, {"key": "b", "label": "B", "kind": "number"}],
            "rules": [{"when": {"all": []}, "show": ["a"]}, {"when": {"all": []}, "show": ["b"]}]}))
        .unwrap()
    }

    fn edits(json: Json) -> Vec<Edit> {
        serde_json::from_value(json).unwrap()
    }

    /// The draft of both, and how many of the own commands are left.
    fn both(own: Json, theirs: Json) -> (FormDocument, usize) {
        let (own, mut document) = (edits(own), base());
        edits(theirs).iter().for_each(|edit| drop(edit.apply(&mut document).unwrap()));
        let rebased = rebase(&own, &base(), &document);
        rebased.edits.iter().for_each(|edit| drop(edit.apply(&mut document).unwrap()));
        (document, rebased.left.len())
    }

    fn set(key: &str, member: &str, value: impl Into<Json>) -> Json {
        json!({"do": "set", "key": key, "member": member, "value": value.into()})
    }

    fn label(document: &FormDocument, path: &str) -> String {
        let label = document.field(path).map(|field| field.label.get(crate::text::Language::En).to_string());
        label.unwrap_or_default()
    }

    #[test]
    fn other_members_of_one_field_stand_beside_each_other() {
        let (document, left) = both(json!([set("a", "required", true)]), json!([set("a", "label", "Name")]));
        assert_eq!((label(&document, "a").as_str(), left), ("Name", 0));
        assert!(document.field("a").unwrap().required);
        // The same done twice is done; two different texts are a question.
        assert_eq!(both(json!([set("a", "label", "Name")]), json!([set("a", "label", "Name")])).1, 0);
        let (document, left) = both(json!([set("a", "label", "Mine")]), json!([set("a", "label", "Theirs")]));
        assert_eq!((label(&document, "a").as_str(), left), ("Theirs", 1));
        let gone = json!([{"do": "remove_field", "key": "a"}]);
        assert_eq!(both(json!([set("a", "label", "Mine")]), gone.clone()).1, 1);
        assert_eq!(both(gone.clone(), gone.clone()).1, 0);
        assert_eq!(
            both(gone, json!([set("a", "label", "Theirs")])).1,
            1,
            "what somebody works on is not taken away"
        );
    }

    #[test]
    fn fields_of_both_are_there_under_keys_of_their_own() {
        let add = |label: &str| json!({"do": "add_field", "field": {"key": "text_1", "label": label, "kind": "text"}});
        let own = json!([add("Mine"), set("text_1", "required", true)]);
        let (document, left) = both(own, json!([add("Theirs")]));
        assert_eq!(
            (label(&document, "text_1").as_str(), label(&document, "text_2").as_str()),
            ("Theirs", "Mine")
        );
        assert_eq!((document.field("text_2").unwrap().required, left), (true, 0));
        assert!(!document.field("text_1").unwrap().required);
        // Whoever goes on with theirs is told what it is called by now.
        let mut theirs = base();
        edits(json!([add("Theirs")])).iter().for_each(|edit| drop(edit.apply(&mut theirs).unwrap()));
        let names = rebase(&edits(json!([add("Mine")])), &base(), &theirs).names;
        assert_eq!(["text_1", "text_1.x", "a"].map(|path| names.now(path)), ["text_2", "text_2.x", "a"]);
    }

    #[test]
    fn rules_are_found_where_they_stand_by_now() {
        let rule = json!({"when": {"all": []}, "require": ["b"]});
        let own = json!([{"do": "set_rule", "position": 1, "rule": rule}]);
        let (document, left) = both(own.clone(), json!([{"do": "remove_rule", "position": 0}]));
        assert_eq!(
            (document.rules.len(), document.rules[0].require.as_slice(), left),
            (1, ["b".to_string()].as_slice(), 0)
        );
        assert_eq!(both(own, json!([{"do": "remove_rule", "position": 1}])).1, 1);
    }

    #[test]
    fn what_touches_a_part_collides_with_what_touches_the_whole() {
        let collide = |a: &str, b: &str| Edit::collide(a, b) && Edit::collide(b, a);
        assert!(collide("field a", "field a label"));
        assert!(collide("field lines", "field lines.qty label"));
        assert!(collide("field a options", "field a options.scale"));
        for (a, b) in
            [("field a label", "field a required"), ("field a", "field ab"), ("field a", "form label")]
        {
            assert!(!Edit::collide(a, b) && !Edit::collide(b, a), "{a}, {b}");
        }
    }
}
