//! The published versions of a draft: what each says otherwise than another or the draft, taking one up again, and deleting
//! those that nothing needs.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::editor::DraftEditor;
use crate::api::Problem;
use crate::recycle_bin::{DeleteQuestion, Doomed};
use crate::ui::{
    Badge, Button, ButtonKind, Choice, ControlSize, Dialog, DialogSize, Field, Loaded, Select, Tone, toast,
};
use crate::{i18n, t, text};

/// What stands for the draft among the versions.
const DRAFT: &str = "draft";

/// A version as it is listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub number: i64,
    /// The instant, as the server says it.
    pub published_at: String,
    /// Who published it, by name, where that is known.
    pub who: Option<String>,
    /// Whether it is what is in force.
    pub active: bool,
}

/// An editor whose drafts are published as versions.
pub trait Versioned: DraftEditor {
    /// Every version, newest first.
    async fn versions(self) -> Result<Vec<Version>, Problem>;

    /// What a version says.
    async fn version(self, number: i64) -> Result<Self::Document, Problem>;

    /// Makes the draft what a version was, as one step; whether that changed anything.
    fn take_up(self, number: i64, document: Self::Document) -> bool;

    /// What the second says otherwise than the first, line by line.
    fn differences(before: &Self::Document, after: &Self::Document) -> AnyView;

    /// Where a version is in the API, if versions can be deleted here.
    fn doomed(self, _number: i64) -> Option<Doomed> {
        None
    }

    /// What else is done with versions here.
    fn further(self, _versions: Vec<Version>) -> Option<AnyView> {
        None
    }
}

/// The list of versions, and the comparison of two.
#[component]
pub fn VersionPicker<E>(editor: E, open: RwSignal<bool>, #[prop(into)] title: Signal<String>) -> impl IntoView
where
    E: Versioned,
{
    view! {
        <Dialog open=open title=title size=DialogSize::Large>
            <Body editor=editor open=open/>
        </Dialog>
    }
}

#[component]
fn Body<E>(editor: E, open: RwSignal<bool>) -> impl IntoView
where
    E: Versioned,
{
    let known = LocalResource::new(move || async move { editor.versions().await });
    let asked = RwSignal::new(None::<Doomed>);
    let asking = RwSignal::new(false);
    let delete = Callback::new(move |doomed: Doomed| {
        asked.set(Some(doomed));
        asking.set(true);
    });
    let deleted = move |()| known.refetch();
    let shown = move |versions: Vec<Version>| {
        if versions.is_empty() {
            return view! { <p class="muted">{t!("flows-no-versions")}</p> }.into_any();
        }
        let row = |version: &Version| {
            let version = version.clone();
            view! { <Row editor=editor version=version open=open on_delete=delete/> }
        };
        let rows = versions.iter().map(row).collect_view();
        let further = editor.further(versions.clone());
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
            <Compare editor=editor versions=versions/>
            {further}
        }
        .into_any()
    };
    view! {
        <Loaded answer=known view=shown/>
        <DeleteQuestion open=asking thing=asked on_deleted=deleted/>
    }
}

#[component]
fn Row<E>(editor: E, version: Version, open: RwSignal<bool>, on_delete: Callback<Doomed>) -> impl IntoView
where
    E: Versioned,
{
    let at = version.published_at.parse().ok().map(i18n::date_time).unwrap_or(version.published_at);
    let number = version.number;
    let take = move |_| {
        spawn_local(async move {
            match editor.version(number).await {
                Ok(document) => take_up(editor, number, document, open),
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let doomed = editor.doomed(number).filter(|_| !version.active);
    let delete = doomed.map(|doomed| {
        let ask = move |_| on_delete.run(doomed.clone());
        view! {
            <Button size=ControlSize::Small kind=ButtonKind::DangerQuiet on_press=ask>
                {t!("bin-delete")}<span class="sr">" "{t!("flows-version", version = number)}</span>
            </Button>
        }
    });
    let badge = version.active.then(|| {
        view! { <Badge tone=Tone::Success>{t!("flows-version-active")}</Badge> }
    });
    view! {
        <tr>
            <th scope="row"><span class="row">{t!("flows-version", version = number)}{badge}</span></th>
            <td>{at}</td>
            <td>{version.who}</td>
            <td class="end">
                <span class="row end">
                    <Button size=ControlSize::Small on_press=take>{t!("flows-take-version")}</Button>
                    {delete}
                </span>
            </td>
        </tr>
    }
}

/// Makes the draft what a version was, and says so with the way back.
fn take_up<E: Versioned>(editor: E, number: i64, document: E::Document, open: RwSignal<bool>) {
    let _ = open.try_set(false);
    if editor.editing().is_over() {
        return;
    }
    if !editor.take_up(number, document) {
        return toast::show(text!("flows-no-differences"));
    }
    let said = text!("flows-took-version", version = number);
    toast::show_with(said, text!("ui-undo"), move || editor.undo());
}

/// A version by the key of its choice; the draft as it is on the screen.
async fn document_of<E: Versioned>(editor: E, key: String) -> Result<E::Document, Problem> {
    match key.parse::<i64>() {
        Ok(version) => editor.version(version).await,
        Err(_) => Ok(editor.editing().document.get_untracked()),
    }
}

async fn both_of<E: Versioned>(
    editor: E,
    keys: (String, String),
) -> Result<(E::Document, E::Document), Problem> {
    Ok((document_of(editor, keys.0).await?, document_of(editor, keys.1).await?))
}

#[component]
fn Compare<E>(editor: E, versions: Vec<Version>) -> impl IntoView
where
    E: Versioned,
{
    let newest = versions.first().map(|version| version.number.to_string());
    let (before, after) = (RwSignal::new(newest), RwSignal::new(Some(DRAFT.to_string())));
    let choices = Signal::derive(move || {
        let version = |version: &Version| {
            Choice::new(version.number.to_string(), text!("flows-version", version = version.number))
        };
        let draft = Choice::new(DRAFT, text!("flows-draft"));
        std::iter::once(draft).chain(versions.iter().map(version)).collect::<Vec<_>>()
    });
    let both = LocalResource::new(move || {
        let keys = (before.get().unwrap_or_default(), after.get().unwrap_or_default());
        async move { both_of(editor, keys).await }
    });
    let told = move |both: (E::Document, E::Document)| E::differences(&both.0, &both.1);
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
