//! The page of a form: its records as a grid, one of them in a drawer; or the form to be filled in, for who only adds records.

use engine::view::ViewKind;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::arranged;
use super::bin::BinDialog;
use super::chips::FilterChips;
use super::choosing::{ChoiceBar, Doings};
use super::chosen::Chosen;
use super::column::{GridColumn, left_out};
use super::drafts::DraftsDialog;
use super::drawer::RecordDrawer;
use super::first_columns::default_columns;
use super::grouped::{GroupRows, GroupedTable};
use super::how_many::how_many;
use super::live;
use super::phone::PhoneList;
use super::rows::Rows;
use super::sheet::{MarksBar, Sheet};
use super::sorting::SortPanel;
use super::state::GridState;
use super::table::GridTable;
use super::tools::{ColumnChoice, FilterPanel, HeightChoice};
use super::totals::Totals;
use super::views::{ViewBar, ViewTrouble, Views};
use crate::api::Problem;
use crate::api::forms::{self, OpenForm};
use crate::boards::Board;
use crate::browser;
use crate::bulk_edit::Meant;
use crate::conditions::Lines;
use crate::fill::Titles;
use crate::i18n;
use crate::imports::Shown;
use crate::parts::{self, DialogPart, Part};
use crate::records::{BeginningAgain, FormToFill, app_param, form_param, list_place};
use crate::shell::{ShellContext, Top};
use crate::ui::{
    Banner, Button, ButtonKind, Choice, ControlSize, Count, Crumb, Empty, Icon, IconSize, Loaded, MenuButton,
    MenuItem, Placement, Popover, ProblemView, SearchBox, Select, Skeleton, icon_or,
};
use crate::{recent, t, text};

/// Stands among the keys of groups for all of them.
const ALL_GROUPS: &str = "*";

#[component]
pub fn GridPage() -> impl IntoView {
    let form = form_param();
    let opened = LocalResource::new(move || {
        let form = form.get();
        async move { forms::open(&form).await }
    });
    let reload = Callback::new(move |()| opened.refetch());
    let again = BeginningAgain::new(reload);
    // Who only adds records has no use for a list that shows none: the form is there at once.
    let grid = move |form: OpenForm| match form.is_only_added_to() {
        true => view! { <FormToFill form=form again=again/> }.into_any(),
        false => view! { <Grid form=form on_reload=reload/> }.into_any(),
    };
    view! { <Loaded answer=opened view=grid/> }
}

#[component]
fn Grid(
    form: OpenForm,
    /// Opens the form anew, in the version that is in force now.
    on_reload: Callback<()>,
) -> impl IntoView {
    let shell = ShellContext::expect();
    let app = app_param();
    let state = GridState::from_address(form.info.groups.clone());
    let titles = Titles::default();
    provide_context(titles);
    let id = form.info.id;
    let rows = Rows::new(id, titles);
    arranged::keep(id, state);
    let shared = StoredValue::new(form.clone());
    let columns = Signal::derive(move || {
        shared.with_value(|form| {
            let known = |key: &String| GridColumn::of(&form.form, key).is_some() && state.shows(key);
            let chosen = state.columns.get().map(|keys| keys.into_iter().filter(known).collect::<Vec<_>>());
            chosen.filter(|keys| !keys.is_empty()).unwrap_or_else(|| {
                let usual = default_columns(&form.form, &*form.catalogue, form.info.flow.is_some());
                usual.into_iter().filter(known).collect()
            })
        })
    });
    state.look_into(columns);
    let place = list_place::come_back(id, &state.address.get_untracked());
    Effect::new(move || list_place::note_list(id, &state.address.get()));
    let views = Views::new(shared, state, columns);
    let board = Board { form: shared, state, titles, columns, rows };
    // A view that is only called otherwise asks for nothing anew.
    let is_ready = Memo::new(move |_| state.is_ready());
    let order = Memo::new(move |_| state.order());
    let asked = Memo::new(move |_| shared.with_value(|form| state.asked_for(&form.form, columns.get())));
    Effect::new(move || {
        // What a view means is not known before it is here.
        if !is_ready.get() {
            return;
        }
        rows.narrow(state.group.get(), state.searched());
        rows.ask(state.filter.get(), order.get(), asked.get());
    });
    let is_table = Memo::new(move |_| state.kind() == ViewKind::Table);
    let load_board = move || parts::board(board);
    let totals = Totals::new(shared, state, columns, rows);
    let sheet = Sheet::new(shared, rows, titles, columns);
    let is_plain = Signal::derive(move || is_table.get() && state.by.with(Option::is_none));
    let published = RwSignal::new(false);
    live::follow(sheet, is_plain, published);
    browser::ask_before_leaving(move || sheet.is_sending() || sheet.marks.any());
    let reload = move |_| on_reload.run(());
    let navigate = StoredValue::new(use_navigate());
    let label = form.info.label.clone();
    let base = move || format!("/apps/{}/forms/{id}", app.get());
    let crumbs = Signal::derive(move || {
        vec![shell.app_crumb(&app.get()), Crumb::here(label.get(i18n::language()).to_string())]
    });
    let (visited, icon) = (form.info.label.clone(), icon_or(form.info.icon.as_deref(), "table"));
    Effect::new(move || recent::visit(base(), Some(visited.clone()), "", icon.clone()));
    let go_to = move |part: &'static str| {
        let to = untrack(|| format!("{}/{part}", base()));
        navigate.with_value(|navigate| navigate(&to, Default::default()));
    };
    let create = move |_| go_to("new");
    let may_design = move || shell.app(&app.get()).is_some_and(|app| app.administrator);
    let may_create = form.may("create");
    let may_import = form.may("import");
    let edits = form.may("edit") || form.may("edit_running");
    let (nothing, next_step) = empty_words(may_create, may_import);
    // Who may not delete has nothing to bring back.
    let may_restore = form.may("delete");
    let may_bulk_edit = form.may("bulk_edit") && edits;
    let may_draft = may_create && form.form.sketch.document.settings.drafts;
    let (importing, looking_in_bin) = (RwSignal::new(false), RwSignal::new(false));
    let looking_at_drafts = RwSignal::new(false);
    let may_export = form.may("export");
    let has_more =
        Memo::new(move |_| may_restore || may_export || may_bulk_edit || may_draft || may_design());
    let doings = Doings {
        edit: may_bulk_edit,
        export: may_export,
        print: form.may("print"),
        give: form.may("change_owner") && edits,
        delete: may_restore,
    };
    let chosen = Chosen::new(doings.any(), rows, state);
    // What a dialog is about: the chosen records, or all that the filter leaves.
    let of_chosen = RwSignal::new(false);
    let meant = Signal::derive(move || if of_chosen.get() { chosen.condition() } else { state.filter.get() });
    let ask = move |dialog: RwSignal<bool>, about_chosen: bool| {
        of_chosen.set(about_chosen);
        dialog.set(true);
    };
    let search = Signal::derive(move || state.searched());
    let editing_all = RwSignal::new(false);
    let bulk_edit = move || {
        let changed = Callback::new(move |()| rows.refresh());
        let of = Meant { filter: meant, search, group: state.group.into(), is_chosen: of_chosen.into() };
        parts::bulk_edit_dialog(editing_all, shared, of, titles, changed)
    };
    let import = move || parts::import_dialog(importing, shared, Callback::new(move |()| rows.refresh()));
    let exporting = RwSignal::new(false);
    let shown = Shown { filter: meant, search, sort: state.sort.into(), columns, group: state.group.into() };
    let export = move || parts::export_dialog(exporting, shared, shown);
    let filtering = RwSignal::new(false);
    // What is typed in the filter's box stays when that is closed, half-typed lines too, until it is cleared.
    let lines = Lines::of(None);
    Effect::new(move || lines.follow(state.filter.get()));
    let (sorting, choosing) = (RwSignal::new(false), RwSignal::new(false));
    let (form_for_table, form_for_phone) = (form.form.clone(), form.form.clone());
    // Which view is meant is not known yet.
    let is_coming = move || !is_ready.get() && state.views.with(Option::is_none);
    let empty = move || rows.count.get().is_some_and(|count| count.value == 0);
    let is_filtered = move || state.filter.with(Option::is_some);
    let hidden = Memo::new(move |_| {
        let could_be = |key: &str| state.shows(key);
        shared.with_value(|form| columns.with(|columns| left_out(&form.form, columns, &could_be)))
    });
    let sorted_by = move || Some(state.sort.with(Vec::len)).filter(|columns| *columns > 0);
    view! {
        <Top crumbs=crumbs>
            {move || may_design().then(|| view! {
                <a class="btn phone-hide" href=move || format!("{}/design", base())><Icon name="edit"/>{t!("grid-design")}</a>
            })}
            {may_import.then(|| view! {
                <Button icon="import" on_press=move |_| importing.set(true)>{t!("grid-import")}</Button>
            })}
            {may_create.then(|| view! {
                <Button kind=ButtonKind::Primary icon="plus" on_press=create>{t!("grid-new")}</Button>
            })}
        </Top>
        <div class="list-bar">
            <section class="toolbar" class:coming=move || state.views.with(Option::is_none) aria-label=t!("ui-tools")>
                <ViewBar views=views/>
                <GroupChoice groups=form.info.groups.clone() state=state/>
                <span class="push row">
                    <span class="anchor">
                        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="filter" on=Signal::derive(is_filtered) on_press=move |_| filtering.update(|open| *open = !*open)>
                            {t!("grid-filter")}
                            {move || state.filter.get().map(|filter| view! { <Count value=Signal::stored(filter.tests().len() as u64)/> })}
                        </Button>
                        <Popover open=filtering label=Signal::derive(t!("grid-filter"))>
                            <FilterPanel form=shared state=state lines=lines on_done=move |()| filtering.set(false)/>
                        </Popover>
                    </span>
                    <span class="anchor">
                        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="sort" on=Signal::derive(move || sorted_by().is_some()) on_press=move |_| sorting.update(|open| *open = !*open)>
                            {t!("grid-sort")}
                            {move || sorted_by().map(|columns| view! { <Count value=Signal::stored(columns as u64)/> })}
                        </Button>
                        <Popover open=sorting label=Signal::derive(t!("grid-sort"))>
                            <SortPanel form=shared state=state/>
                        </Popover>
                    </span>
                    <span class="anchor">
                        <ColumnsButton hidden=hidden open=choosing/>
                        <Popover open=choosing label=Signal::derive(t!("grid-columns"))>
                            <ColumnChoice form=shared state=state columns=columns/>
                        </Popover>
                    </span>
                    <Show when=move || is_table.get()>
                        <GroupRows form=shared state=state/>
                        <HeightChoice state=state/>
                    </Show>
                    {move || has_more.get().then(|| view! {
                        <span class="anchor">
                            <MenuButton icon="more" label=Signal::derive(t!("grid-more")) size=ControlSize::Small placement=Placement::End>
                                {doings.any().then(|| view! {
                                    <MenuItem icon="check" on_choose=move |()| chosen.choosing.set(true)>{t!("grid-choose")}</MenuItem>
                                })}
                                {may_bulk_edit.then(|| view! {
                                    <MenuItem icon="edit" on_choose=move |()| ask(editing_all, false)>{t!("grid-bulk-edit")}</MenuItem>
                                })}
                                {may_export.then(|| view! {
                                    <MenuItem icon="download" on_choose=move |()| ask(exporting, false)>{t!("grid-export")}</MenuItem>
                                })}
                                {may_draft.then(|| view! {
                                    <MenuItem icon="file" on_choose=move |()| looking_at_drafts.set(true)>{t!("grid-drafts")}</MenuItem>
                                })}
                                {move || may_design().then(|| view! {
                                    <MenuItem icon="share" on_choose=move |()| go_to("links")>{t!("links-share")}</MenuItem>
                                })}
                                {may_restore.then(|| view! {
                                    <MenuItem icon="trash" on_choose=move |()| looking_in_bin.set(true)>{t!("grid-bin")}</MenuItem>
                                })}
                            </MenuButton>
                        </span>
                    })}
                </span>
            </section>
            <ListSearch state=state/>
        </div>
        <main class="data" class:with-drawer=move || state.record.with(Option::is_some)>
            <div class="data-left" class:nothing=empty>
                <FilterChips form=form.form.clone() state=state views=views/>
                <ViewTrouble views=views/>
                {move || rows.problem.get().map(|problem| view! { <RowsProblem problem=problem rows=rows state=state/> })}
                <Show when=is_coming>
                    <div class="card-body"><Skeleton lines=8/></div>
                </Show>
                <Show when=move || is_ready.get() && !is_table.get() && !empty()>
                    <Part load=load_board/>
                </Show>
                <Show when=move || is_ready.get() && is_table.get() && (!empty() || rows.filtered.get())>
                    {
                        let form = form_for_table.clone();
                        move || match state.by.get() {
                            Some(by) => view! { <GroupedTable form=shared by=by rows=rows state=state titles=titles columns=columns totals=totals chosen=chosen sheet=sheet edits=edits/> }.into_any(),
                            None => view! { <GridTable form=form.clone() rows=rows state=state columns=columns totals=totals chosen=chosen sheet=sheet edits=edits place=place/> }.into_any(),
                        }
                    }
                    <PhoneList form=form_for_phone.clone() rows=rows titles=titles columns=columns chosen=chosen place=place/>
                </Show>
                <Show when=move || is_ready.get() && empty()>
                    <Empty
                        icon="table"
                        title=Signal::derive(move || if rows.filtered.get() { nothing_found(state) } else { i18n::lookup(nothing, &[]) })
                        text=Signal::derive(move || if rows.filtered.get() { String::new() } else { i18n::lookup(next_step, &[]) })
                    >
                        {move || rows.filtered.get().then(|| view! { <Widen state=state/> })}
                        {move || (!rows.filtered.get() && (may_create || may_import)).then(|| view! {
                            <div class="row wrap">
                                {may_create.then(|| view! {
                                    <Button kind=ButtonKind::Primary icon="plus" on_press=create>{t!("grid-new")}</Button>
                                })}
                                {may_import.then(|| view! {
                                    <Button icon="import" on_press=move |_| importing.set(true)>{t!("grid-import")}</Button>
                                })}
                            </div>
                        })}
                    </Empty>
                </Show>
                // Below the list: it comes of itself, and pushes away nothing that one reads.
                {move || published.get().then(|| view! {
                    <div class="card-body">
                        <Banner>
                            <span class="row wrap">
                                {t!("grid-published")}
                                <Button size=ControlSize::Small on_press=reload>{t!("grid-published-load")}</Button>
                            </span>
                        </Banner>
                    </div>
                })}
                <MarksBar sheet=sheet/>
                <ChoiceBar
                    form=shared
                    rows=rows
                    chosen=chosen
                    doings=doings
                    on_edit=move |()| ask(editing_all, true)
                    on_export=move |()| ask(exporting, true)
                />
                <div class="status-line">
                    {move || how_many(rows)}
                    {move || sheet.saving.saved.get().filter(|_| !sheet.is_sending()).map(|at| view! {
                        <span class="push row gap-1"><Icon name="ok" size=IconSize::Small/>{text!("grid-saved", at = i18n::time(at))}</span>
                    })}
                </div>
            </div>
            {move || state.record.get().map(|record| view! {
                <RecordDrawer form=shared record=record state=state titles=titles rows=rows/>
            })}
        </main>
        <DialogPart open=importing title=t!("grid-import") load=import/>
        <DialogPart open=exporting title=t!("grid-export") load=export/>
        <DialogPart open=editing_all title=t!("grid-bulk-edit") load=bulk_edit/>
        <DraftsDialog open=looking_at_drafts form=shared/>
        <BinDialog open=looking_in_bin form=shared on_restored=move |()| rows.refresh()/>
    }
}

/// The search of the list.
#[component]
fn ListSearch(state: GridState) -> impl IntoView {
    let words = Signal::derive(move || state.search.get().unwrap_or_default());
    // As people are used to, in place of the browser's own, which sees no more than the rows on the screen.
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let is_find = (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key();
        let is_asked = is_find && event.key().eq_ignore_ascii_case("f");
        if is_asked && !browser::keys_are_taken() && browser::focus_list_search() {
            event.prevent_default();
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <div class="list-search" role="search">
            <SearchBox
                value=words
                on_search=move |words: String| state.set_search(&words)
                placeholder=t!("grid-search")
                empties=true
            />
        </div>
    }
}

/// That neither the filter nor the search leaves a record.
fn nothing_found(state: GridState) -> String {
    match state.search.get() {
        Some(words) => text!("grid-nothing-found-for", words = words),
        None => text!("grid-nothing-found"),
    }
}

/// The ways back to more records.
#[component]
fn Widen(state: GridState) -> impl IntoView {
    let is_searched = move || state.search.with(Option::is_some);
    let is_filtered = move || state.filter.with(Option::is_some);
    view! {
        <div class="row wrap">
            <Show when=is_searched>
                <Button on_press=move |_| state.set_search("")>{t!("grid-clear-search")}</Button>
            </Show>
            <Show when=is_filtered>
                <Button on_press=move |_| state.set_filter(None)>{t!("grid-clear-filter")}</Button>
            </Show>
        </div>
    }
}

/// Opens the choice of columns, and says how many fields the list does not show.
#[component]
fn ColumnsButton(hidden: Memo<usize>, open: RwSignal<bool>) -> impl IntoView {
    let turn = move |_| open.update(|open| *open = !*open);
    let count = move || {
        let hidden = hidden.get();
        (hidden > 0)
            .then(|| view! { <span class="note muted">{text!("grid-columns-hidden", count = hidden)}</span> })
    };
    view! {
        <Button kind=ButtonKind::Ghost size=ControlSize::Small icon="columns" expanded=open on_press=turn>
            <span>{t!("grid-columns")}</span>
            {count}
        </Button>
    }
}

/// Which of one's permission groups the list shows; nothing for who is in one alone.
#[component]
fn GroupChoice(groups: Vec<wire::NamedGroup>, state: GridState) -> impl IntoView {
    if groups.is_empty() {
        return ().into_any();
    }
    let choices = Signal::derive(move || {
        let all = Choice::new(ALL_GROUPS, t!("grid-all-groups")());
        let each = groups.iter().map(|group| Choice::new(&group.key, group.label.get(i18n::language())));
        std::iter::once(all).chain(each).collect::<Vec<_>>()
    });
    let value = Signal::derive(move || Some(state.group.get().unwrap_or_else(|| ALL_GROUPS.to_string())));
    let choose = move |key: Option<String>| state.set_group(key.filter(|key| key != ALL_GROUPS));
    view! {
        <span class="anchor">
            <Select choices=choices value=value on_change=choose label=Signal::derive(t!("grid-group"))/>
        </span>
    }
    .into_any()
}

/// What a list without records says to somebody: that there are none, and what they can do about it.
fn empty_words(may_create: bool, may_import: bool) -> (&'static str, &'static str) {
    match (may_create, may_import) {
        (true, true) => ("grid-empty", "grid-empty-text"),
        (true, false) => ("grid-empty", "grid-empty-create"),
        (false, true) => ("grid-empty", "grid-empty-import"),
        // There may be some that are not for these eyes.
        (false, false) => ("grid-empty-reader", "grid-empty-reader-text"),
    }
}

/// Why the records could not be read. An address that asks for what does not exist stays wrong however often one tries:
/// its sort, its filter and the group that it looks through can be taken away.
#[component]
fn RowsProblem(problem: Problem, rows: Rows, state: GridState) -> impl IntoView {
    let (sorted, filtered) = (!state.sort.get_untracked().is_empty(), state.filter.get_untracked().is_some());
    let of_group = state.group.get_untracked().is_some();
    if problem.status != 422 || !(sorted || filtered || of_group) {
        return view! { <ProblemView problem=problem on_retry=move |()| rows.refresh()/> }.into_any();
    }
    let ways_out = move || {
        view! {
            <div class="row wrap">
                {sorted.then(|| view! { <Button on_press=move |_| state.set_sort(&[])>{t!("grid-clear-sort")}</Button> })}
                {filtered.then(|| view! { <Button on_press=move |_| state.set_filter(None)>{t!("grid-clear-filter")}</Button> })}
                {of_group.then(|| view! { <Button on_press=move |_| state.set_group(None)>{t!("grid-clear-group")}</Button> })}
            </div>
        }
    };
    view! { <ProblemView problem=problem ways_out=ways_out/> }.into_any()
}
