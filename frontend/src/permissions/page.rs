//! The page of a form's permission groups: their list, and the one that is looked at.

use std::sync::Arc;

use engine::access::{Operation, PermissionGroup};
use engine::form::Form;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{GroupChange, GroupChangeInput};

use super::administrators::AdministratorsDialog;
use super::change::{ChangeDialog, Told};
use super::closed::Closed;
use super::editor::{Editor, NameCard, OperationsCard, RowsCard, blank, free_key};
use super::explain_form::ExplainFormDialog;
use super::fields::FieldsCard;
use super::more::{More, MoreTools};
use super::people::{People, WhoCard};
use super::see_as::SeeAsDialog;
use super::seen::SeenCard;
use crate::api::forms::{self, OpenForm};
use crate::api::{Problem, permissions, session};
use crate::draft_editor::{DesignTabs, DesignTools, Part};
use crate::fill::Titles;
use crate::records::{app_param, form_param};
use crate::shell::{ShellContext, Top};
use crate::ui::{
    Badge, Banner, Button, ButtonKind, ConfirmDialog, ControlSize, Crumb, Empty, Loaded, MenuButton,
    MenuItem, Placement, ProblemCode, Together, Tone, toast,
};
use crate::{i18n, t, text};

/// What the page starts with.
#[derive(Clone)]
struct Opened {
    form: OpenForm,
    groups: Vec<wire::PermissionGroup>,
    offered: Vec<PermissionGroup>,
    people: People,
}

/// Nothing for who uses the form and does not administer it.
async fn open(form: &str) -> Result<Option<Opened>, Problem> {
    let form = forms::open(form).await?;
    let id = form.info.id;
    let groups = match permissions::groups(id).await {
        Err(problem) if problem.status == 403 => return Ok(None),
        groups => groups?,
    };
    let offered = permissions::predefined(id).await?;
    Ok(Some(Opened { form, groups, offered, people: People::load().await? }))
}

#[component]
pub fn PermissionsPage() -> impl IntoView {
    let form = form_param();
    let opened = LocalResource::new(move || {
        let form = form.get();
        async move { open(&form).await }
    });
    let page = move |opened: Option<Opened>| match opened {
        Some(opened) => view! { <Page opened=opened/> }.into_any(),
        None => view! { <Closed/> }.into_any(),
    };
    view! { <Loaded answer=opened view=page/> }
}

/// A group as it came, read.
fn read(stored: &wire::PermissionGroup) -> Option<PermissionGroup> {
    serde_json::from_value(stored.document.clone()).ok()
}

/// The page at work.
#[derive(Clone, Copy)]
struct Work {
    form: Id,
    groups: RwSignal<Vec<wire::PermissionGroup>>,
    editor: RwSignal<Option<Editor>>,
    problem: RwSignal<Option<Problem>>,
    busy: RwSignal<bool>,
    change: RwSignal<Option<GroupChange>>,
    asking: RwSignal<bool>,
    removing: RwSignal<bool>,
    /// What is opened belongs to the page: the menu or the button that opened it may go at once.
    owner: StoredValue<Owner>,
}

impl Work {
    /// For a form with these groups. It lives as long as whoever makes it.
    fn new(form: Id, groups: Vec<wire::PermissionGroup>) -> Work {
        Work {
            form,
            groups: RwSignal::new(groups),
            editor: RwSignal::new(None),
            problem: RwSignal::new(None),
            busy: RwSignal::new(false),
            change: RwSignal::new(None),
            asking: RwSignal::new(false),
            removing: RwSignal::new(false),
            owner: StoredValue::new(Owner::new()),
        }
    }

    fn show(self, group: PermissionGroup, stored: Option<(Id, i64)>) {
        self.problem.set(None);
        let editor = self.owner.get_value().with(|| Editor::of(group, stored));
        self.editor.set(Some(editor));
    }

    fn choose(self, id: Id) {
        let found = self.groups.with_untracked(|groups| {
            let stored = groups.iter().find(|group| group.id == id)?;
            Some((read(stored)?, (stored.id, stored.version)))
        });
        if let Some((group, stored)) = found {
            self.show(group, Some(stored));
        }
    }

    /// Begins a new group like this one, under a key of its own.
    fn begin(self, group: PermissionGroup) {
        let taken: Vec<String> = self
            .groups
            .with_untracked(|groups| groups.iter().filter_map(read).map(|group| group.key).collect());
        let key = free_key(&group.key, &taken);
        self.show(PermissionGroup { key, ..group }, None);
    }

    /// The change of the group on the screen, for a dry run.
    fn wanted(editor: Editor) -> GroupChangeInput {
        let document = serde_json::to_value(editor.group.get_untracked()).ok();
        GroupChangeInput { id: editor.stored.get_value().map(|(id, _)| id), document }
    }

    /// Says what the change means before it is stored.
    fn ask(self) {
        let Some(editor) = self.editor.get_untracked() else { return };
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let told = permissions::dry_run(self.form, &Work::wanted(editor)).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match told {
                Ok(told) => {
                    self.change.set(Some(told));
                    self.asking.set(true);
                }
                Err(refused) => self.problem.set(Some(refused)),
            }
        });
    }

    fn save(self) {
        let Some(editor) = self.editor.get_untracked() else { return };
        self.busy.set(true);
        let (group, stored) = (editor.group.get_untracked(), editor.stored.get_value());
        spawn_local(async move {
            let saved = permissions::save(self.form, stored, &group).await;
            self.after(saved).await;
        });
    }

    /// Says what it means to delete the group on the screen, before that is done.
    fn ask_to_remove(self) {
        let stored = self.editor.get_untracked().and_then(|editor| editor.stored.get_value());
        self.change.set(None);
        let Some((id, _)) = stored else { return self.removing.set(true) };
        spawn_local(async move {
            let told =
                permissions::dry_run(self.form, &GroupChangeInput { id: Some(id), document: None }).await;
            // What can't be told keeps nobody from deleting it.
            let _ = self.change.try_set(told.ok());
            let _ = self.removing.try_set(true);
        });
    }

    fn remove(self) {
        let stored = self.editor.get_untracked().and_then(|editor| editor.stored.get_value());
        self.removing.set(false);
        let Some((id, _)) = stored else { return self.editor.set(None) };
        spawn_local(async move {
            match permissions::delete(self.form, id).await {
                Ok(()) => {
                    let _ = self.editor.try_set(None);
                    self.reload().await;
                }
                Err(refused) => drop(self.problem.try_set(Some(refused))),
            }
        });
    }

    async fn after(self, saved: Result<Id, Problem>) {
        if self.busy.try_set(false).is_some() {
            return;
        }
        self.asking.set(false);
        match saved {
            Ok(id) => {
                self.reload().await;
                if self.editor.try_get_untracked().is_some() {
                    self.choose(id);
                    toast::show(text!("permissions-saved"));
                }
            }
            Err(refused) => self.problem.set(Some(refused)),
        }
    }

    async fn reload(self) {
        match permissions::groups(self.form).await {
            Ok(groups) => drop(self.groups.try_set(groups)),
            Err(refused) => drop(self.problem.try_set(Some(refused))),
        }
    }
}

#[component]
fn Page(opened: Opened) -> impl IntoView {
    let Opened { form, groups, offered, people } = opened;
    provide_context(Titles::default());
    let (shell, app) = (ShellContext::expect(), app_param());
    let id = form.info.id;
    let has_flow = form.info.flow.is_some();
    let (label, of, people) =
        (form.info.label.clone(), StoredValue::new(form.form.clone()), StoredValue::new(people));
    let presets = StoredValue::new(offered.clone());
    let whole = StoredValue::new(form);
    let work = Work::new(id, groups);
    if let Some(first) = work.groups.with_untracked(|groups| groups.first().map(|group| group.id)) {
        work.choose(first);
    }
    let crumbs = Signal::derive(move || {
        vec![
            shell.app_crumb(&app.get()),
            Crumb::link(label.get(i18n::language()).to_string(), format!("/apps/{}/forms/{id}", app.get())),
            Crumb::here(Part::Permissions.title()),
        ]
    });
    let more = More { explaining: RwSignal::new(false), naming: RwSignal::new(false) };
    let seeing = RwSignal::new(false);
    let may_see_as = move || session::me().is_some_and(|me| me.member.administrator && me.seen_by.is_none());
    let unready = Signal::derive(move || {
        let changed = work.editor.get().is_some_and(Editor::is_changed);
        (!changed).then(|| text!("permissions-unchanged"))
    });
    view! {
        <Top crumbs=crumbs>
            <DesignTabs form=id part=Part::Permissions/>
            <DesignTools>
                {move || may_see_as().then(|| view! {
                    <Button icon="eye" class="phone-hide" on_press=move |_| seeing.set(true)>{t!("permissions-see-as")}</Button>
                })}
                <Button kind=ButtonKind::Primary busy=work.busy disabled_reason=unready on_press=move |_| work.ask()>{t!("permissions-save")}</Button>
            </DesignTools>
        </Top>
        <div class="perm">
            <GroupList work=work offered=offered more=more/>
            <main class="page">
                <div class="page-in perm-in stack g4">
                    {move || work.problem.get().map(|problem| view! { <Banner tone=Tone::Danger>{problem.sentence()}<ProblemCode problem=problem/></Banner> })}
                    {move || match work.editor.get() {
                        Some(editor) => view! { <Group work=work editor=editor form=of people=people has_flow=has_flow/> }.into_any(),
                        None => view! {
                            <Empty icon="shield" title=Signal::derive(t!("permissions-none")) text=Signal::derive(t!("permissions-none-text"))>
                                <Presets work=work offered=presets/>
                            </Empty>
                        }
                        .into_any(),
                    }}
                </div>
            </main>
        </div>
        <ChangeDialog open=work.asking change=work.change busy=work.busy on_confirm=move |()| work.save()/>
        <SeeAsDialog open=seeing people=people/>
        <ExplainFormDialog open=more.explaining form=whole people=people/>
        <AdministratorsDialog open=more.naming form=id/>
        <ConfirmDialog
            open=work.removing
            title=Signal::derive(t!("permissions-remove-title"))
            action=t!("permissions-remove")
            on_confirm=move |()| work.remove()
        >
            <div class="stack g4">
                <p>{t!("permissions-remove-text")}</p>
                {move || work.change.get().map(|change| view! { <Told change=change/> })}
            </div>
        </ConfirmDialog>
    }
}

/// What a group that is offered is for, in a line.
fn about(group: &PermissionGroup) -> String {
    i18n::lookup(&format!("permissions-about-{}", group.key.replace('_', "-")), &[])
}

/// The groups that are offered to begin with, each with what it is for.
#[component]
fn Presets(work: Work, offered: StoredValue<Vec<PermissionGroup>>) -> impl IntoView {
    let preset = move |group: PermissionGroup| {
        let (label, key) = (group.label.clone(), group.key.clone());
        let (told, begun) = (group.clone(), group);
        view! {
            <button type="button" class="preset" data-preset=key on:click=move |_| work.begin(begun.clone())>
                <b class="medium">{move || label.get(i18n::language()).to_string()}</b>
                <span class="note muted">{move || about(&told)}</span>
            </button>
        }
    };
    view! {
        <div class="presets" role="group" aria-label=t!("permissions-presets")>
            {offered.get_value().into_iter().map(preset).collect_view()}
        </div>
    }
}

/// The groups, and how to begin another.
#[component]
fn GroupList(work: Work, offered: Vec<PermissionGroup>, more: More) -> impl IntoView {
    let offered = StoredValue::new(offered);
    let item = move |stored: wire::PermissionGroup| {
        let id = stored.id;
        let group = read(&stored)?;
        let is_here = move || {
            let editor = work.editor.get();
            let chosen = editor.and_then(|editor| editor.stored.get_value());
            chosen.is_some_and(|(chosen, _)| chosen == id).then_some("true")
        };
        let (label, enabled) = (group.label.clone(), group.enabled);
        let people = stored.people;
        let said = move || {
            if enabled { text!("permissions-people", count = people) } else { text!("permissions-off") }
        };
        let narrow = group.rows.is_some();
        let words = move || summary(&group.operations, narrow);
        Some(view! {
            <button type="button" class="perm-item" aria-current=is_here on:click=move |_| work.choose(id)>
                <span class="line">
                    <span class="dot" class:success=enabled></span>
                    <span class="grow clip">{move || label.get(i18n::language()).to_string()}</span>
                    <span class="note muted nowrap">{said}</span>
                </span>
                <span class="note muted">{words}</span>
            </button>
        })
    };
    let begin = move |group: PermissionGroup| work.begin(group);
    let offers = move || {
        let offer = |group: PermissionGroup| {
            let label = group.label.clone();
            view! {
                <MenuItem on_choose=move |()| begin(group.clone())>{move || label.get(i18n::language()).to_string()}</MenuItem>
            }
        };
        offered.get_value().into_iter().map(offer).collect_view()
    };
    view! {
        <aside class="perm-list">
            <div class="row between perm-head">
                <h2>{t!("permissions-title")}</h2>
                <MenuButton
                    icon="plus"
                    label=Signal::derive(t!("permissions-new"))
                    text=Signal::derive(t!("permissions-new"))
                    kind=ButtonKind::Plain
                    size=ControlSize::Small
                    placement=Placement::End
                >
                    {offers}
                    <MenuItem on_choose=move |()| work.begin(blank(text!("permissions-blank")))>{t!("permissions-blank")}</MenuItem>
                </MenuButton>
            </div>
            <div class="perm-items">
                {move || work.groups.get().into_iter().filter_map(item).collect_view()}
            </div>
            <MoreTools more=more/>
        </aside>
    }
}

/// What a group allows, in a few words.
fn summary(operations: &[Operation], narrow: bool) -> String {
    const TOLD: [Operation; 4] = [Operation::View, Operation::Create, Operation::Edit, Operation::Delete];
    let told = TOLD.iter().filter(|operation| operations.contains(operation));
    let words = told.map(|operation| {
        i18n::lookup(&format!("permissions-op-{}", operation.name().replace('_', "-")), &[])
    });
    let words = i18n::listed(words);
    if narrow { text!("permissions-some-records", operations = words) } else { words }
}

/// One group with all that belongs to it.
#[component]
fn Group(
    work: Work,
    editor: Editor,
    form: StoredValue<Arc<Form>>,
    people: StoredValue<People>,
    has_flow: bool,
) -> impl IntoView {
    let title = move || editor.group.with(|group| group.label.get(i18n::language()).to_string());
    let copy = move |_| work.begin(editor.group.get_untracked());
    let state = move || match editor.group.with(|group| group.enabled) {
        true => view! { <Badge tone=Tone::Success>{t!("permissions-enabled")}</Badge> }.into_any(),
        false => view! { <Badge>{t!("permissions-off")}</Badge> }.into_any(),
    };
    view! {
        <div class="page-title">
            <h1>{title}</h1>
            {state}
            <span class="push row">
                <Button icon="copy" on_press=copy>{t!("permissions-copy")}</Button>
                <Button kind=ButtonKind::DangerQuiet icon="trash" on_press=move |_| work.ask_to_remove()>{t!("permissions-remove")}</Button>
            </span>
        </div>
        <Together lines=12>
            <NameCard editor=editor/>
            <SeenCard editor=editor id=work.form form=form/>
            <WhoCard editor=editor people=people/>
            <OperationsCard editor=editor has_flow=has_flow/>
            <RowsCard editor=editor form=form.get_value()/>
            <FieldsCard editor=editor form=form/>
        </Together>
    }
}

#[cfg(test)]
mod tests {
    use engine::access::predefined;

    use super::*;

    #[test]
    fn what_is_offered_says_in_a_line_what_it_is_for() {
        for language in i18n::Language::ALL {
            i18n::set_language(language);
            for group in predefined(false).iter().chain(&predefined(true)) {
                assert!(!about(group).starts_with("permissions-"), "{language}: {}", group.key);
            }
        }
    }

    #[test]
    fn a_group_outlives_the_menu_item_that_began_it() {
        Owner::new().with(|| {
            let work = Work::new(Id::from_i64(1).unwrap(), Vec::new());
            let item = Owner::new();
            item.with(|| work.begin(blank("Readers".to_string())));
            item.cleanup();
            let editor = work.editor.get_untracked().unwrap();
            assert_eq!(editor.group.with_untracked(|group| group.key.clone()), "group");
            assert!(untrack(|| editor.is_changed()));
        });
    }
}
