//! The published versions of a form: what each says otherwise than another or the draft, and taking one up again.

use engine::form::edit::Edit;
use engine::form::{Alteration, Difference, FormDocument, Part};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::FormVersion;

use super::state::Designer;
use crate::api::people;
use crate::api::{Problem, drafts};
use crate::draft_editor::DraftEditor;
use crate::ui::{Button, Choice, ControlSize, Dialog, DialogSize, Field, Loaded, Select, toast};
use crate::{i18n, t, text};

/// What stands for the draft among the versions.
const DRAFT: &str = "draft";

/// The versions, with the names of those who published them.
#[derive(Clone)]
struct Known {
    versions: Vec<FormVersion>,
    people: Vec<(engine::value::Id, String)>,
}

async fn look(designer: Designer) -> Result<Known, Problem> {
    let versions = drafts::versions(designer.id).await?;
    // Without the names the versions are there all the same.
    let members = people::members().await.map(|page| page.items).unwrap_or_default();
    let people = members.into_iter().map(|member| (member.id, member.name)).collect();
    Ok(Known { versions, people })
}

/// The list of versions, and the comparison of two.
#[component]
pub fn FormVersions(designer: Designer, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open=open title=t!("designer-versions") size=DialogSize::Large>
            <Body designer=designer open=open/>
        </Dialog>
    }
}

#[component]
fn Body(designer: Designer, open: RwSignal<bool>) -> impl IntoView {
    let known = LocalResource::new(move || async move { look(designer).await });
    let shown = move |known: Known| {
        if known.versions.is_empty() {
            return view! { <p class="muted">{t!("flows-no-versions")}</p> }.into_any();
        }
        let row = |version: &FormVersion| {
            let by = version.published_by;
            let who = known.people.iter().find(|(id, _)| Some(*id) == by).map(|(_, name)| name.clone());
            view! { <Row designer=designer version=version.clone() who=who open=open/> }
        };
        let rows = known.versions.iter().map(row).collect_view();
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
            <Compare designer=designer versions=known.versions.clone()/>
        }
        .into_any()
    };
    view! { <Loaded answer=known view=shown/> }
}

#[component]
fn Row(designer: Designer, version: FormVersion, who: Option<String>, open: RwSignal<bool>) -> impl IntoView {
    let at = version.published_at.parse().ok().map(i18n::date_time).unwrap_or(version.published_at);
    let number = version.version;
    let take = move |_| {
        spawn_local(async move {
            match drafts::version(designer.id, number).await {
                Ok(document) => take_up(designer, number, &document, open),
                Err(problem) => toast::show(problem.sentence()),
            }
        });
    };
    view! {
        <tr>
            <th scope="row">{t!("flows-version", version = number)}</th>
            <td>{at}</td>
            <td>{who}</td>
            <td class="end"><Button size=ControlSize::Small on_press=take>{t!("flows-take-version")}</Button></td>
        </tr>
    }
}

/// Makes the draft what a version was, as one step.
fn take_up(designer: Designer, number: i64, version: &FormDocument, open: RwSignal<bool>) {
    let edits = designer.document.with_untracked(|now| Edit::between(now, version));
    let _ = open.try_set(false);
    if edits.is_empty() {
        return toast::show(text!("flows-no-differences"));
    }
    if designer.run(text!("designer-step-version", version = number), edits) {
        let said = text!("flows-took-version", version = number);
        toast::show_with(said, text!("ui-undo"), move || designer.undo());
    }
}

/// A version by the key of its choice; the draft as it is on the screen.
async fn document_of(designer: Designer, key: String) -> Result<FormDocument, Problem> {
    match key.parse::<i64>() {
        Ok(version) => drafts::version(designer.id, version).await,
        Err(_) => Ok(designer.document.get_untracked()),
    }
}

async fn both_of(
    designer: Designer,
    keys: (String, String),
) -> Result<(FormDocument, FormDocument), Problem> {
    Ok((document_of(designer, keys.0).await?, document_of(designer, keys.1).await?))
}

#[component]
fn Compare(designer: Designer, versions: Vec<FormVersion>) -> impl IntoView {
    let newest = versions.first().map(|version| version.version.to_string());
    let (before, after) = (RwSignal::new(newest), RwSignal::new(Some(DRAFT.to_string())));
    let choices = Signal::derive(move || {
        let version = |version: &FormVersion| {
            Choice::new(version.version.to_string(), text!("flows-version", version = version.version))
        };
        let draft = Choice::new(DRAFT, text!("flows-draft"));
        std::iter::once(draft).chain(versions.iter().map(version)).collect::<Vec<_>>()
    });
    let both = LocalResource::new(move || {
        let keys = (before.get().unwrap_or_default(), after.get().unwrap_or_default());
        async move { both_of(designer, keys).await }
    });
    let told = move |(before, after): (FormDocument, FormDocument)| differences(&before, &after);
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
        <div role="status"><Loaded answer=both view=told/></div>
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
const MEMBERS: [&str; 20] = [
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
