//! The published versions of a flow: when each was published, and what it says otherwise than the draft.

use engine::flow::DEFAULT_ARM;
use engine::flow::FlowDocument;
use engine::flow::document::{Alteration, Difference, Part, Step};
use leptos::prelude::*;

use super::delete_draft::DeleteDraft;
use super::moving::Moving;
use super::state::{FlowDesigner, arm_label};
use crate::api::{Problem, flows};
use crate::draft_editor::{Version, VersionPicker, Versioned};
use crate::recycle_bin::Doomed;
use crate::ui::Loaded;
use crate::{i18n, t, text};

/// The list of versions, and the comparison of two.
#[component]
pub fn Versions(designer: FlowDesigner, open: RwSignal<bool>) -> impl IntoView {
    let title = Signal::derive(t!("flows-versions"));
    view! { <VersionPicker editor=designer open=open title=title/> }
}

impl Versioned for FlowDesigner {
    async fn versions(self) -> Result<Vec<Version>, Problem> {
        let versions = flows::versions(&self.form_id().to_string()).await?;
        let listed = versions.into_iter().map(|version| Version {
            number: version.version,
            published_at: version.published_at,
            who: self.people.with_value(|people| version.published_by.map(|id| people.member(id))),
            active: version.active,
        });
        Ok(listed.collect())
    }

    async fn version(self, number: i64) -> Result<FlowDocument, Problem> {
        flows::version(&self.form_id().to_string(), number).await
    }

    fn take_up(self, number: i64, document: FlowDocument) -> bool {
        if self.document.with_untracked(|now| *now == document) {
            return false;
        }
        self.take_version(number, document);
        true
    }

    fn differences(before: &FlowDocument, after: &FlowDocument) -> AnyView {
        differences(before, after)
    }

    fn doomed(self, number: i64) -> Option<Doomed> {
        let path = format!("/forms/{}/flow/versions/{number}", self.form_id());
        Some(Doomed { name: text!("flows-version", version = number), path, app: None })
    }

    fn further(self, versions: Vec<Version>) -> Option<AnyView> {
        Some(view! { <DeleteDraft designer=self/> <Moving designer=self versions=versions/> }.into_any())
    }
}

/// What the draft says otherwise than a version.
#[component]
pub fn ChangesSince(designer: FlowDesigner, version: i64) -> impl IntoView {
    let before =
        LocalResource::new(
            move || async move { flows::version(&designer.form_id().to_string(), version).await },
        );
    let told = move |before: FlowDocument| designer.document.with(|now| differences(&before, now));
    view! {
        <div class="stack g2">
            <b class="strong">{t!("flows-changes-since", version = version)}</b>
            <Loaded answer=before lines=2 view=told/>
        </div>
    }
}

/// The differences of two documents, line by line.
fn differences(before: &FlowDocument, after: &FlowDocument) -> AnyView {
    let found = after.differences(before);
    if found.is_empty() {
        return view! { <p class="muted">{t!("flows-no-differences")}</p> }.into_any();
    }
    let line = |difference: &Difference| {
        let (class, words) = line_of(before, after, difference);
        view! { <li class=class>{words}</li> }
    };
    view! { <ul class="differences">{found.iter().map(line).collect_view()}</ul> }.into_any()
}

/// A difference in words, with the class that gives it its colour.
fn line_of(before: &FlowDocument, after: &FlowDocument, difference: &Difference) -> (&'static str, String) {
    let gone = difference.what == Alteration::Removed;
    let name = part_name(if gone { before } else { after }, &difference.part);
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

/// The members of a document that people know by a name.
const MEMBERS: [&str; 34] = [
    "action",
    "actions",
    "auto_pass",
    "deadlines",
    "default",
    "fields",
    "for",
    "for_each",
    "form",
    "format",
    "join",
    "key",
    "kind",
    "label",
    "map_in",
    "map_out",
    "mode",
    "nobody",
    "on_reject",
    "opinion",
    "policy",
    "print",
    "reject_to",
    "return_to",
    "self_approval",
    "signature",
    "start",
    "title",
    "until",
    "validate",
    "wait",
    "when",
    "who",
    "withdraw",
];

/// What a member of a document is called on the screen.
fn member_name(member: &str) -> String {
    match MEMBERS.binary_search(&member) {
        Ok(_) => i18n::lookup(&format!("flows-member-{}", member.replace('_', "-")), &[]),
        Err(_) => member.to_string(),
    }
}

/// What a part of a document is called, with its block where it is an arm.
fn part_name(document: &FlowDocument, part: &Part) -> String {
    let language = i18n::language();
    let step_name = |key: &str| document.step(key).map(|step: &Step| step.label().get(language).to_string());
    match part {
        Part::Flow => text!("flows-settings"),
        Part::Start => text!("flows-start"),
        Part::Step(key) => step_name(key).unwrap_or_else(|| key.clone()),
        Part::Arm(arm) => {
            let own = arm_label(document, arm).map(|label| label.get(language).to_string());
            let own = own.filter(|own| !own.is_empty());
            let otherwise =
                || if arm.arm == DEFAULT_ARM { text!("flows-otherwise") } else { arm.arm.clone() };
            format!("{} / {}", step_name(&arm.step).unwrap_or_default(), own.unwrap_or_else(otherwise))
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::flow::document::Edit;
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_told_in_the_names_that_people_know() {
        i18n::set_language(i18n::Language::En);
        let step =
            |key: &str| json!({"kind": "approve", "key": key, "label": format!("Step {key}"), "who": []});
        let before =
            FlowDocument::read(json!({"format": 1, "label": "f", "steps": [step("a"), step("b")]})).unwrap();
        let mut after = before.clone();
        Edit::Remove { key: "b".into() }.apply(&mut after).unwrap();
        Edit::Set { key: "a".into(), member: "policy".into(), value: json!("all") }
            .apply(&mut after)
            .unwrap();
        let words: Vec<String> =
            after.differences(&before).iter().map(|found| line_of(&before, &after, found).1).collect();
        assert_eq!(words, ["“Step a” changed: Passed when", "“Step b” removed"]);
    }

    #[test]
    fn every_member_has_a_name() {
        let mut sorted = MEMBERS.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, MEMBERS, "it is searched by halves");
        for member in MEMBERS {
            assert!(!member_name(member).starts_with("flows-member-"), "{member}");
        }
    }
}
