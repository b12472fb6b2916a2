//! The published versions of a flow: when each was published, and what it says otherwise than the draft.

use engine::flow::DEFAULT_ARM;
use engine::flow::FlowDocument;
use engine::flow::document::{Alteration, Difference, Part, Step};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::flow_design::FlowVersion;

use super::moving::Moving;
use super::state::{FlowDesigner, arm_label};
use crate::api::flows;
use crate::draft_editor::DraftEditor;
use crate::ui::{Badge, Button, ButtonKind, Choice, ControlSize, Dialog, Field, Loaded, Select, Tone, toast};
use crate::{i18n, t, text};

/// What stands for the draft among the versions.
const DRAFT: &str = "draft";

/// The list of versions, and the comparison of two.
#[component]
pub fn Versions(designer: FlowDesigner, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title=t!("flows-versions") size=crate::ui::DialogSize::Large>
            <Body designer=designer open=open/>
        </Dialog>
    }
}

#[component]
fn Body(designer: FlowDesigner, open: RwSignal<bool>) -> impl IntoView {
    let versions =
        LocalResource::new(move || async move { flows::versions(&designer.form_id().to_string()).await });
    let shown = move |versions: Vec<FlowVersion>| {
        if versions.is_empty() {
            return view! { <p class="muted">{t!("flows-no-versions")}</p> }.into_any();
        }
        let rows = versions
            .iter()
            .map(|version| view! { <Row designer=designer version=version.clone() open=open/> });
        let rows = rows.collect_view();
        view! {
            <table class="grid plain auto">
                <thead><tr>
                    <th scope="col">{t!("flows-version-column")}</th>
                    <th scope="col">{t!("flows-published-at")}</th>
                    <th scope="col">{t!("flows-published-by")}</th>
                    <th><span class="sr">{t!("flows-more")}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <Compare designer=designer versions=versions.clone()/>
            <Moving designer=designer versions=versions/>
        }
        .into_any()
    };
    view! { <Loaded answer=versions view=shown/> }
}

#[component]
fn Row(designer: FlowDesigner, version: FlowVersion, open: RwSignal<bool>) -> impl IntoView {
    let who = designer.people.with_value(|people| version.published_by.map(|id| people.member(id)));
    let at = version.published_at.parse().ok().map(i18n::date_time).unwrap_or(version.published_at);
    let number = version.version;
    let take = move |_| {
        spawn_local(async move {
            match flows::version(&designer.form_id().to_string(), number).await {
                Ok(document) => {
                    designer.take_version(number, document);
                    open.set(false);
                    toast::show_with(
                        text!("flows-took-version", version = number),
                        text!("ui-undo"),
                        move || designer.undo(),
                    );
                }
                Err(problem) => toast::show(problem.sentence()),
            }
        });
    };
    view! {
        <tr>
            <th scope="row">
                <span class="row">
                    {t!("flows-version", version = number)}
                    {version.active.then(|| view! { <Badge tone=Tone::Success>{t!("flows-version-active")}</Badge> })}
                </span>
            </th>
            <td>{at}</td>
            <td>{who}</td>
            <td class="end">
                <Button size=ControlSize::Small kind=ButtonKind::Plain on_press=take>{t!("flows-take-version")}</Button>
            </td>
        </tr>
    }
}

/// A version by the key of its choice; the draft as it is on the screen.
async fn document_of(designer: FlowDesigner, key: String) -> Result<FlowDocument, crate::api::Problem> {
    match key.parse::<i64>() {
        Ok(version) => flows::version(&designer.form_id().to_string(), version).await,
        Err(_) => Ok(designer.document.get_untracked()),
    }
}

async fn both_of(
    designer: FlowDesigner,
    keys: (String, String),
) -> Result<(FlowDocument, FlowDocument), crate::api::Problem> {
    Ok((document_of(designer, keys.0).await?, document_of(designer, keys.1).await?))
}

#[component]
fn Compare(designer: FlowDesigner, versions: Vec<FlowVersion>) -> impl IntoView {
    let newest = versions.first().map(|version| version.version.to_string());
    let (before, after) = (RwSignal::new(newest), RwSignal::new(Some(DRAFT.to_string())));
    let choices = Signal::derive(move || {
        let version = |version: &FlowVersion| {
            Choice::new(version.version.to_string(), text!("flows-version", version = version.version))
        };
        let draft = Choice::new(DRAFT, text!("flows-draft"));
        std::iter::once(draft).chain(versions.iter().map(version)).collect::<Vec<_>>()
    });
    let both = LocalResource::new(move || {
        let keys = (before.get().unwrap_or_default(), after.get().unwrap_or_default());
        async move { both_of(designer, keys).await }
    });
    let told = move |(before, after): (FlowDocument, FlowDocument)| differences(&before, &after);
    let choose_before = move |key: Option<String>| before.set(key);
    let choose_after = move |key: Option<String>| after.set(key);
    view! {
        <h3 class="prop-top">{t!("flows-compare")}</h3>
        <div class="row wrap">
            <Field label=t!("flows-compare-before") class="grow">
                <Select choices=choices value=before on_change=choose_before/>
            </Field>
            <Field label=t!("flows-compare-after") class="grow">
                <Select choices=choices value=after on_change=choose_after/>
            </Field>
        </div>
        <div role="status">
            <Loaded answer=both view=told/>
        </div>
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
const MEMBERS: [&str; 33] = [
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
