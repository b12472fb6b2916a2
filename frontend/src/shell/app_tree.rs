//! The navigation of one app: its forms, dashboards and reports, in groups and in the order that its administrators give
//! them by dragging, or with Alt and the arrow keys.

use std::collections::BTreeSet;

use engine::text::Label;
use leptos::ev::{DragEvent, KeyboardEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast;
use wire::{AppTree as Arrangement, FavouriteKind, FormState, TreeEntry, TreeKind};

use super::ShellContext;
use super::favourites::Star;
use super::group_dialog::{GroupDialog, Naming};
use super::nav::coming;
use super::order::{self, Landing, Name, name_of};
use super::related::RelatedApps;
use crate::api::places;
use crate::ui::{ControlSize, Icon, IconSize, MenuButton, MenuItem, MenuLine, Placement, icon_or, toast};
use crate::{browser, i18n, t, text};

const FOLDED_REMEMBERED_AS: &str = "formwork.folded";

/// What stands in the navigation, with what is shown of it.
#[derive(Clone, PartialEq)]
struct Line {
    entry: TreeEntry,
    label: Label,
    icon: String,
    /// Where it leads; a group leads nowhere.
    path: String,
}

/// The navigation while it is shown.
#[derive(Clone, Copy)]
pub(super) struct Tree {
    shell: ShellContext,
    /// As it is kept, or is about to be; none until it is known.
    kept: RwSignal<Option<Arrangement>>,
    /// Whether somebody has arranged it: until then what is analysed stands apart.
    is_arranged: RwSignal<bool>,
    is_sending: StoredValue<bool>,
    /// Whether it was changed again while a change was on its way.
    is_behind: StoredValue<bool>,
    dragged: RwSignal<Option<Name>>,
    landing: RwSignal<Option<Landing>>,
    folded: RwSignal<BTreeSet<String>>,
    naming: RwSignal<Option<Naming>>,
}

impl Tree {
    fn new(shell: ShellContext) -> Tree {
        let tree = Tree {
            shell,
            kept: RwSignal::new(None),
            is_arranged: RwSignal::new(false),
            is_sending: StoredValue::new(false),
            is_behind: StoredValue::new(false),
            dragged: RwSignal::new(None),
            landing: RwSignal::new(None),
            folded: RwSignal::new(folded()),
            naming: RwSignal::new(None),
        };
        tree.load();
        tree
    }

    /// Asks how it is kept. Where that is not answered, everything stands as it was made.
    fn load(self) {
        let Some(app) = self.shell.app_key.get_untracked() else { return };
        spawn_local(async move {
            let found = places::tree(&app).await;
            let found = found.unwrap_or(Arrangement { version: 0, entries: Vec::new() });
            let _ = self.is_arranged.try_set(found.version > 0);
            let _ = self.kept.try_set(Some(found));
        });
    }

    /// What there is, in the order in which it was made; tracked.
    fn there(self) -> Vec<Line> {
        let app = self.shell.app_key.get().unwrap_or_default();
        let line = |kind: TreeKind, id: String, label: Label, icon: String, path: String| {
            let path = format!("/apps/{app}/{path}");
            Line { entry: TreeEntry { kind, id, label: None, within: None }, label, icon, path }
        };
        let forms = self.shell.forms.get().and_then(Result::ok).unwrap_or_default();
        let dashboards = self.shell.dashboards.get().and_then(Result::ok).unwrap_or_default();
        let reports = self.shell.reports.get().and_then(Result::ok).unwrap_or_default();
        let forms = forms.into_iter().map(|form| {
            let path = match form.state {
                FormState::Published => format!("forms/{}", form.id),
                FormState::Draft | FormState::Resting => format!("forms/{}/design", form.id),
            };
            line(
                TreeKind::Form,
                form.id.to_string(),
                form.label,
                icon_or(form.icon.as_deref(), "table"),
                path,
            )
        });
        let dashboards = dashboards.into_iter().map(|page| {
            let path = format!("dashboards/{}", page.id);
            line(TreeKind::Dashboard, page.id.to_string(), page.label, "trend".to_string(), path)
        });
        let reports = reports.into_iter().map(|report| {
            let path = format!("reports/{}", report.key);
            line(TreeKind::Report, report.key, report.label, "chart".to_string(), path)
        });
        forms.chain(dashboards).chain(reports).collect()
    }

    /// What is shown from top to bottom; none until it is known. Tracked.
    fn lines(self) -> Option<Vec<Line>> {
        let there = self.there();
        let entries: Vec<TreeEntry> = there.iter().map(|line| line.entry.clone()).collect();
        let all = self.kept.with(|kept| kept.as_ref().map(|kept| order::whole(&kept.entries, &entries)))?;
        let shown = all.into_iter().filter_map(|entry| {
            let known = there.iter().find(|line| name_of(&line.entry) == name_of(&entry));
            if let Some(known) = known {
                return Some(Line { entry, ..known.clone() });
            }
            let label = entry.label.clone()?;
            Some(Line { entry, label, icon: String::new(), path: String::new() })
        });
        Some(shown.collect())
    }

    /// The whole tree as it stands.
    pub(super) fn entries(self) -> Vec<TreeEntry> {
        let lines = untrack(move || self.lines());
        lines.unwrap_or_default().into_iter().map(|line| line.entry).collect()
    }

    /// Arranges the navigation: at once here, and for everybody as soon as the server has it.
    pub(super) fn arrange(self, entries: Vec<TreeEntry>) {
        let version = self.kept.with_untracked(|kept| kept.as_ref().map_or(0, |kept| kept.version));
        self.kept.set(Some(Arrangement { version, entries }));
        self.is_arranged.set(true);
        if self.is_sending.get_value() {
            return self.is_behind.set_value(true);
        }
        let Some(app) = self.shell.app_key.get_untracked() else { return };
        self.is_sending.set_value(true);
        spawn_local(async move {
            self.send(&app).await;
            let _ = self.is_sending.try_set_value(false);
        });
    }

    /// Sends one arrangement after the other until the last is kept.
    async fn send(self, app: &str) {
        while let Some(Some(now)) = self.kept.try_get_untracked() {
            let _ = self.is_behind.try_set_value(false);
            match places::arrange(app, now.version, now.entries).await {
                Ok(answer) => {
                    let _ = self.kept.try_update(|kept| {
                        if let Some(kept) = kept {
                            kept.version = answer.version;
                        }
                    });
                }
                Err(problem) => {
                    toast::refused(&problem);
                    return self.load();
                }
            }
            if self.is_behind.try_get_value() != Some(true) {
                return;
            }
        }
    }

    /// Moves a line by one place, and keeps the focus on it.
    fn step(self, name: &Name, down: bool) {
        let Some(entries) = order::step(&self.entries(), name, down) else { return };
        let within =
            entries.iter().find(|entry| name_of(entry) == *name).and_then(|entry| entry.within.clone());
        if let Some(group) = within {
            self.unfold(&group);
        }
        self.arrange(entries);
        let place = format!("[data-line='{}'] .nav-item", mark(name));
        request_animation_frame(move || browser::focus_at(&place));
    }

    fn is_folded(self, group: &str) -> bool {
        self.folded.with(|folded| folded.contains(group))
    }

    fn fold(self, group: &str) {
        self.folded.update(|folded| {
            if !folded.remove(group) {
                folded.insert(group.to_string());
            }
        });
        self.remember_folded();
    }

    fn unfold(self, group: &str) {
        if self.folded.try_update(|folded| folded.remove(group)) == Some(true) {
            self.remember_folded();
        }
    }

    fn remember_folded(self) {
        if let Ok(text) = self.folded.with_untracked(serde_json::to_string) {
            browser::remember(FOLDED_REMEMBERED_AS, &text);
        }
    }

    /// Says where what is dragged would land.
    fn over(self, name: &Name, event: &DragEvent) {
        let Some(dragged) = self.dragged.get_untracked() else { return };
        event.prevent_default();
        let place = event.current_target().and_then(|place| place.dyn_into::<web_sys::Element>().ok());
        let is_below = place.is_some_and(|place| {
            let edges = place.get_bounding_client_rect();
            f64::from(event.client_y()) > edges.top() + edges.height() / 2.0
        });
        let landing = match (name.0, is_below) {
            (TreeKind::Group, true) if dragged.0 != TreeKind::Group => Landing::Inside(name.1.clone()),
            (_, true) => Landing::After(name.clone()),
            (_, false) => Landing::Before(name.clone()),
        };
        if self.landing.with_untracked(|now| now.as_ref() != Some(&landing)) {
            self.landing.set(Some(landing));
        }
    }

    fn drop_here(self, event: &DragEvent) {
        let (dragged, landing) = (self.dragged.get_untracked(), self.landing.get_untracked());
        self.end();
        let (Some(dragged), Some(landing)) = (dragged, landing) else { return };
        event.prevent_default();
        if let Landing::Inside(group) = &landing {
            self.unfold(group);
        }
        if let Some(entries) = order::put(&self.entries(), &dragged, &landing) {
            self.arrange(entries);
        }
    }

    fn end(self) {
        self.dragged.set(None);
        self.landing.set(None);
    }

    /// Where on a line what is dragged would land: `before`, `after` or `inside`.
    fn lands(self, name: &Name) -> Option<&'static str> {
        self.landing.with(|landing| match landing {
            Some(Landing::Before(beside)) if beside == name => Some("before"),
            Some(Landing::After(beside)) if beside == name => Some("after"),
            Some(Landing::Inside(group)) if name.0 == TreeKind::Group && *group == name.1 => Some("inside"),
            _ => None,
        })
    }
}

/// What a line is found by on the page.
fn mark((kind, id): &Name) -> String {
    let kind = match kind {
        TreeKind::Group => "group",
        TreeKind::Form => "form",
        TreeKind::Dashboard => "dashboard",
        TreeKind::Report => "report",
    };
    format!("{kind}-{id}")
}

fn folded() -> BTreeSet<String> {
    let remembered = browser::remembered(FOLDED_REMEMBERED_AS);
    remembered.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// The forms, dashboards and reports of the app whose pages are shown.
#[component]
pub(super) fn AppTree() -> impl IntoView {
    let shell = ShellContext::expect();
    let tree = Tree::new(shell);
    let name = move || shell.current_app().map(|app| app.label.get(i18n::language()).to_string());
    let may_design = Memo::new(move |_| shell.current_app().is_some_and(|app| app.administrator));
    let lines = Memo::new(move |_| tree.lines());
    // Until somebody arranges them, dashboards and reports stand apart from the forms.
    let [first, second] = [true, false].map(|of_forms| {
        move || {
            let apart = !tree.is_arranged.get();
            let all = lines.get().unwrap_or_default().into_iter();
            all.filter(|line| if apart { (line.entry.kind == TreeKind::Form) == of_forms } else { of_forms })
                .map(|line| line_view(tree, may_design.get(), line))
                .collect_view()
        }
    });
    let has_second = Memo::new(move |_| {
        let is_analysis = |line: &Line| !matches!(line.entry.kind, TreeKind::Form | TreeKind::Group);
        !tree.is_arranged.get() && lines.with(|lines| lines.iter().flatten().any(is_analysis))
    });
    // Whoever may make aggregate tables finds the way to the first one.
    let has_tables = Memo::new(move |_| {
        let tables = shell.aggregates.get().and_then(Result::ok).is_some_and(|all| !all.is_empty());
        tables || may_design.get()
    });
    let analysis = move || {
        (has_second.get() || has_tables.get())
            .then(|| view! { <div class="nav-title">{t!("nav-analysis")}</div> })
    };
    let tables = move || {
        has_tables.get().then(|| {
            let href = format!("/apps/{}/aggregates", shell.app_key.get().unwrap_or_default());
            view! {
                <A href=href attr:class="nav-item" attr:title=t!("aggregates-title")>
                    <Icon name="rollup"/><span>{t!("aggregates-title")}</span>
                </A>
            }
        })
    };
    let scripts = move || {
        may_design.get().then(|| {
            let href = format!("/apps/{}/scripts", shell.app_key.get().unwrap_or_default());
            view! {
                <A href=href attr:class="nav-item" attr:title=t!("scripts-title")>
                    <Icon name="bolt"/><span>{t!("scripts-title")}</span>
                </A>
            }
        })
    };
    // What waits in its approvals, where it has any.
    let has_flows = Memo::new(move |_| {
        let forms = shell.forms.get().and_then(Result::ok).unwrap_or_default();
        forms.iter().any(|form| form.flow.is_some())
    });
    let inbox = move || {
        has_flows.get().then(|| {
            let href = format!("/inbox?app={}", shell.app_key.get().unwrap_or_default());
            view! {
                <A href=href attr:class="nav-item" attr:title=t!("nav-app-inbox")>
                    <Icon name="inbox"/><span>{t!("nav-app-inbox")}</span>
                </A>
            }
        })
    };
    let all = move || {
        view! {
            <div class="nav-title">
                {name}
                {move || may_design.get().then(|| view! { <AppMenu tree=tree/> })}
            </div>
            {inbox}
            {first}
            {analysis}
            {second}
            {tables}
            {scripts}
            <RelatedApps/>
        }
    };
    let is_known = Memo::new(move |_| shell.knows_app() && tree.kept.with(Option::is_some));
    view! {
        {move || match is_known.get() {
            true => all().into_any(),
            false => coming().into_any(),
        }}
        <GroupDialog tree=tree naming=tree.naming/>
    }
}

/// What can be added to an app, and the way to its settings.
#[component]
fn AppMenu(tree: Tree) -> impl IntoView {
    let go = StoredValue::new(use_navigate());
    let settings = move |()| {
        let app = tree.shell.app_key.get_untracked().unwrap_or_default();
        go.with_value(|go| go(&format!("/apps/{app}/settings"), Default::default()));
    };
    view! {
        <MenuButton icon="plus" label=Signal::derive(t!("nav-add")) size=ControlSize::Small placement=Placement::End>
            <MenuItem icon="form" on_choose=move |()| tree.shell.ask_for_form(false)>{t!("app-new-form")}</MenuItem>
            <MenuItem icon="table" on_choose=move |()| tree.shell.ask_for_form(true)>{t!("app-form-from-sheet")}</MenuItem>
            <MenuItem icon="folder" on_choose=move |()| tree.naming.set(Some(Naming::new()))>{t!("tree-new-group")}</MenuItem>
            <MenuLine/>
            <MenuItem icon="settings" on_choose=settings>{t!("app-settings")}</MenuItem>
        </MenuButton>
    }
}

fn line_view(tree: Tree, may_design: bool, line: Line) -> AnyView {
    let name = StoredValue::new(name_of(&line.entry));
    let is_inside = line.entry.within.is_some();
    let within = StoredValue::new(line.entry.within.clone());
    let is_hidden =
        move || within.with_value(|group| group.as_ref().is_some_and(|group| tree.is_folded(group)));
    let start = move |event: DragEvent| {
        // Without data some browsers do not drag at all.
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &name.with_value(mark));
            data.set_effect_allowed("move");
        }
        request_animation_frame(move || tree.dragged.set(Some(name.get_value())));
    };
    let by_key = move |event: KeyboardEvent| {
        let down = match event.key().as_str() {
            "ArrowDown" => true,
            "ArrowUp" => false,
            _other_key => return,
        };
        if may_design && event.alt_key() {
            event.prevent_default();
            name.with_value(|name| tree.step(name, down));
        }
    };
    let is_dragged =
        move || tree.dragged.with(|dragged| name.with_value(|name| dragged.as_ref() == Some(name)));
    let content = match line.entry.kind {
        TreeKind::Group => group_head(tree, may_design, line).into_any(),
        kind => link(kind, line).into_any(),
    };
    view! {
        <div
            class="nav-line"
            class:inside=is_inside
            class:gap=is_dragged
            hidden=is_hidden
            data-line=name.with_value(mark)
            data-lands=move || name.with_value(|name| tree.lands(name))
            draggable=if may_design { "true" } else { "false" }
            on:dragstart=start
            on:dragend=move |_| tree.end()
            on:dragover=move |event| name.with_value(|name| tree.over(name, &event))
            on:drop=move |event| tree.drop_here(&event)
            on:keydown=by_key
        >
            {content}
        </div>
    }
    .into_any()
}

/// A form, a dashboard or a report.
fn link(kind: TreeKind, line: Line) -> impl IntoView {
    let label = line.label;
    let words = Signal::derive(move || label.get(i18n::language()).to_string());
    let favourite = match kind {
        TreeKind::Dashboard => FavouriteKind::Dashboard,
        TreeKind::Report => FavouriteKind::Report,
        TreeKind::Form | TreeKind::Group => FavouriteKind::Form,
    };
    view! {
        <A href=line.path attr:class="nav-item" attr:title=words attr:draggable="false">
            <Icon name=line.icon/><span>{words}</span>
        </A>
        <Star kind=favourite target=line.entry.id class="nav-tool"/>
    }
}

/// The head of a group: it folds and unfolds what stands in it.
fn group_head(tree: Tree, may_design: bool, line: Line) -> impl IntoView {
    let group = StoredValue::new(line.entry.id.clone());
    let label = line.label;
    let words = Signal::derive(move || label.get(i18n::language()).to_string());
    let entry = StoredValue::new(line.entry);
    let is_folded = Signal::derive(move || group.with_value(|group| tree.is_folded(group)));
    let rename = move |()| tree.naming.set(Some(entry.with_value(Naming::of)));
    let dissolve = move |()| {
        let before = tree.entries();
        tree.arrange(group.with_value(|group| order::dissolved(&before, group)));
        let back = move || tree.arrange(before.clone());
        toast::show_with(text!("tree-group-gone", name = words.get_untracked()), text!("ui-undo"), back);
    };
    let menu = move || {
        view! {
            <MenuButton icon="more" label=Signal::derive(t!("tree-group-menu")) size=ControlSize::Small placement=Placement::End class="nav-tool">
                <MenuItem icon="edit" on_choose=rename>{t!("tree-rename-group")}</MenuItem>
                <MenuItem icon="close" on_choose=dissolve>{t!("tree-dissolve-group")}</MenuItem>
            </MenuButton>
        }
    };
    view! {
        <button
            type="button"
            class="nav-item"
            title=words
            aria-expanded=move || (!is_folded.get()).to_string()
            on:click=move |_| group.with_value(|group| tree.fold(group))
        >
            <Icon name=Signal::derive(move || if is_folded.get() { "right" } else { "down" }.to_string()) size=IconSize::Small/>
            <span>{words}</span>
        </button>
        {may_design.then(menu)}
    }
}
