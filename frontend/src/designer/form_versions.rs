//! The published versions of a form: what each says otherwise than another or the draft, and taking one up again.

use engine::form::edit::Edit;
use engine::form::{Alteration, Difference, FormDocument, Part};
use leptos::prelude::*;

use super::state::Designer;
use crate::api::people;
use crate::api::{Problem, drafts};
use crate::draft_editor::{DraftEditor, Version, VersionPicker, Versioned};
use crate::{i18n, t, text};

/// The list of versions, and the comparison of two.
#[component]
pub fn FormVersions(designer: Designer, open: RwSignal<bool>) -> impl IntoView {
    let title = Signal::derive(t!("designer-versions"));
    view! { <VersionPicker editor=designer open=open title=title/> }
}

/// Records were made by them, so that none can be deleted.
impl Versioned for Designer {
    async fn versions(self) -> Result<Vec<Version>, Problem> {
        let versions = drafts::versions(self.id).await?;
        // Without the names the versions are there all the same.
        let members = people::members().await.map(|page| page.items).unwrap_or_default();
        let newest = versions.first().map(|version| version.version);
        let listed = versions.into_iter().map(|version| {
            let by = version.published_by;
            let who = members.iter().find(|member| Some(member.id) == by);
            Version {
                number: version.version,
                published_at: version.published_at,
                who: who.map(|member| member.name.clone()),
                active: Some(version.version) == newest,
            }
        });
        Ok(listed.collect())
    }

    async fn version(self, number: i64) -> Result<FormDocument, Problem> {
        drafts::version(self.id, number).await
    }

    fn take_up(self, number: i64, document: FormDocument) -> bool {
        let edits = self.document.with_untracked(|now| Edit::between(now, &document));
        !edits.is_empty() && self.run(text!("designer-step-version", version = number), edits)
    }

    fn differences(before: &FormDocument, after: &FormDocument) -> AnyView {
        differences(before, after)
    }
}

/// The differences of two documents, line by line.
pub fn differences(before: &FormDocument, after: &FormDocument) -> AnyView {
    let found = after.differences(before);
    if found.is_empty() {
        return view! { <p class="muted">{t!("flows-no-differences")}</p> }.into_any();
    }
    let line = |difference: &Difference| {
        let (class, words) = said(before, after, difference);
        view! { <li class=class>{words}</li> }
    };
    view! { <ul class="differences">{found.iter().map(line).collect_view()}</ul> }.into_any()
}

/// A difference in words, with the class that gives it its colour.
fn said(before: &FormDocument, after: &FormDocument, difference: &Difference) -> (&'static str, String) {
    let document = if difference.what == Alteration::Removed { before } else { after };
    let name = match &difference.part {
        Part::Form => text!("designer-form"),
        Part::Field(path) => name_of(document, path),
    };
    match &difference.what {
        Alteration::Added => ("added", text!("flows-diff-added", name = name)),
        Alteration::Removed => ("removed", text!("flows-diff-removed", name = name)),
        Alteration::Moved => ("moved", text!("flows-diff-moved", name = name)),
        Alteration::Changed(members) => {
            let members = i18n::listed(members.iter().map(|member| member_name(member)));
            ("changed", text!("flows-diff-changed", name = name, members = members))
        }
    }
}

/// What a field is called, a column with its sub-form.
fn name_of(document: &FormDocument, path: &str) -> String {
    let language = i18n::language();
    let label = |path: &str| {
        document.field(path).map_or_else(|| path.to_string(), |it| it.label.get(language).to_string())
    };
    match path.split_once('.') {
        Some((subform, _)) => format!("{} / {}", label(subform), label(path)),
        None => label(path),
    }
}

/// The members of forms and fields that people know by a name.
const MEMBERS: [&str; 21] = [
    "by_script",
    "compute",
    "default",
    "extensible",
    "help",
    "icon",
    "kind",
    "label",
    "layout",
    "options",
    "placeholder",
    "required",
    "required_when",
    "rules",
    "scripts",
    "settings",
    "title",
    "total",
    "unique",
    "validate",
    "visible_when",
];

fn member_name(member: &str) -> String {
    match MEMBERS.contains(&member) {
        true => i18n::lookup(&format!("designer-member-{}", member.replace('_', "-")), &[]),
        false if member == "when_hidden" => text!("designer-when-hidden"),
        false => member.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_told_in_the_names_that_people_know() {
        i18n::set_language(i18n::Language::En);
        let read = |json| serde_json::from_value::<FormDocument>(json).unwrap();
        let field = |key: &str, label: &str| json!({"key": key, "label": label, "kind": "text"});
        let before = read(json!({"key": "f", "label": "F", "fields": [field("a", "A"), field("b", "B")]}));
        let after = read(
            json!({"key": "f", "label": "F", "title": "{a}", "fields": [field("a", "Ant"), field("c", "C")]}),
        );
        let found: Vec<String> =
            after.differences(&before).iter().map(|difference| said(&before, &after, difference).1).collect();
        assert_eq!(
            found,
            ["“Ant” changed: Label", "“C” added", "“The form” changed: Record title", "“B” removed"]
        );
    }

    #[test]
    fn every_member_has_a_name() {
        for member in MEMBERS {
            assert!(!member_name(member).starts_with("designer-member-"), "{member}");
        }
    }
}
