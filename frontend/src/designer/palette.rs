//! The kinds that can be put into a form: of fields, and of parts of its layout.

use leptos::prelude::*;

use super::drag::{self, Dragged};
use super::state::{Designer, kind_name};
use crate::draft_editor::KINDS;
use crate::ui::{Icon, SearchBox, press_by_key};
use crate::{browser, i18n, t};

/// The groups of the palette: what most forms need first.
const GROUPS: [&str; 4] =
    ["designer-group-basic", "designer-group-more", "designer-group-links", "designer-group-parts"];

/// A kind of the palette.
struct Entry {
    group: &'static str,
    kind: &'static str,
    icon: &'static str,
}

const fn basic(kind: &'static str, icon: &'static str) -> Entry {
    Entry { group: GROUPS[0], kind, icon }
}

const fn more(kind: &'static str, icon: &'static str) -> Entry {
    Entry { group: GROUPS[1], kind, icon }
}

const fn links(kind: &'static str, icon: &'static str) -> Entry {
    Entry { group: GROUPS[2], kind, icon }
}

const fn parts(kind: &'static str, icon: &'static str) -> Entry {
    Entry { group: GROUPS[3], kind, icon }
}

/// Every kind with its icon, in the order of the palette.
const ENTRIES: &[Entry] = &[
    basic("text", "text"),
    basic("long_text", "textarea"),
    basic("number", "number"),
    basic("money", "money"),
    basic("percent", "percent"),
    basic("date", "date"),
    basic("datetime", "datetime"),
    basic("month", "date"),
    basic("switch", "bool"),
    basic("select", "select"),
    basic("multi_select", "multi"),
    basic("time", "clock"),
    basic("cascader", "cascader"),
    more("phone", "phone"),
    more("email", "email"),
    more("member", "member"),
    more("files", "file"),
    more("formula", "formula"),
    more("serial", "serial"),
    more("rating", "rating"),
    more("rich_text", "richtext"),
    more("url", "url"),
    more("id_card", "receipt"),
    more("barcode", "scan"),
    more("address", "address"),
    more("location", "location"),
    more("json", "columns"),
    links("link", "link"),
    links("lookup", "lookup"),
    links("rollup", "rollup"),
    links("subform", "subform"),
    parts("divider", "section"),
    parts("tabs", "tabs"),
    more("members", "members"),
    more("department", "dept"),
    more("departments", "dept"),
    more("images", "image"),
    more("signature", "signature"),
    links("links", "link"),
    links("query", "search"),
    parts("note", "note"),
];

/// The kind of a field that is computed.
pub const FORMULA: &str = "formula";

/// The kinds that a column of a sub-form is not made of: a column that is computed has a formula of its own, and a table
/// has no layout.
const NO_COLUMNS: [&str; 8] = ["formula", "serial", "rollup", "subform", "divider", "tabs", "query", "note"];

/// The kinds that a column of a sub-form may have.
fn column_kinds() -> impl Iterator<Item = &'static str> {
    ENTRIES.iter().map(|entry| entry.kind).filter(|kind| !NO_COLUMNS.contains(kind))
}

/// What a column may be made as: of the kinds that it may have, or computed by a formula.
pub fn offered_columns() -> impl Iterator<Item = &'static str> {
    let kinds = ENTRIES.iter().map(|entry| entry.kind);
    kinds.filter(|kind| *kind == FORMULA || !NO_COLUMNS.contains(kind))
}

/// Whether a column of a sub-form may have a kind.
pub fn is_column_kind(kind: &str) -> bool {
    column_kinds().any(|known| known == kind)
}

/// The kinds that take no values over: what was entered would be nowhere.
const NO_CHANGE: [&str; 4] = ["lookup", "rollup", "query", "subform"];

/// The kinds that a field, or a column of a sub-form, may have in place of its own: those that take its values over, and
/// its own.
pub fn kinds_instead_of(own: &str, is_column: bool) -> impl Iterator<Item = &'static str> {
    let fits = move |kind: &str| !is_column || !NO_COLUMNS.contains(&kind);
    let takes_over = |entry: &Entry| entry.group != GROUPS[3] && !NO_CHANGE.contains(&entry.kind);
    let is_offered = move |entry: &&Entry| entry.kind == own || (takes_over(entry) && fits(entry.kind));
    ENTRIES.iter().filter(is_offered).map(|entry| entry.kind)
}

/// The icon of a kind.
pub fn kind_icon(kind: &str) -> &str {
    ENTRIES.iter().find(|entry| entry.kind == kind).map_or(kind, |entry| entry.icon)
}

fn about_key(kind: &str) -> String {
    format!("designer-about-{}", kind.replace('_', "-"))
}

/// What a kind is for, in one line.
fn kind_about(kind: &str) -> String {
    i18n::lookup(&about_key(kind), &[])
}

/// Whether a name begins with these first letters of how it sounds.
fn sounds(name: &str, typed: &str) -> bool {
    !typed.is_empty() && browser::initials(name).is_some_and(|initials| initials.starts_with(typed))
}

/// Which of the kinds that were found by what is typed is meant: the one that is called so, else the first whose name begins so,
/// else the first.
fn meant(found: &[&'static str], typed: &str, name: impl Fn(&str) -> String) -> Option<&'static str> {
    let typed = typed.trim().to_lowercase();
    let rank = |kind: &&'static str| {
        let name = name(kind).to_lowercase();
        if name == typed { 0 } else { 2 - i32::from(name.starts_with(&typed)) }
    };
    // Of several that are as good the first.
    found.iter().copied().min_by_key(rank)
}

/// The list of kinds; a click adds one after what is selected, dragging puts it anywhere. What each is for is said below its
/// name where there is room for it, on a phone and where few are left by a search, and beside it for whoever points at it.
#[component]
pub fn Palette(
    designer: Designer,
    /// Hears that one was added by a click.
    #[prop(into)]
    on_add: Callback<()>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let add = move |kind: &'static str| {
        designer.add(kind, None);
        on_add.run(());
    };
    let found_in = move |title: &'static str| {
        let query = query.get().trim().to_lowercase();
        let hit = |kind: &&str| {
            let name = kind_name(kind);
            name.to_lowercase().contains(&query) || kind.contains(&query) || sounds(&name, &query)
        };
        let kinds = ENTRIES.iter().filter(|entry| entry.group == title).map(|entry| entry.kind);
        kinds.filter(hit).collect::<Vec<_>>()
    };
    // Whoever types a kind adds it with Enter, and goes on in the form.
    let add_first = move |event: leptos::ev::KeyboardEvent| {
        let found = untrack(|| GROUPS.into_iter().flat_map(found_in).collect::<Vec<_>>());
        let first = query.with_untracked(|query| meant(&found, query, kind_name));
        let is_typed = query.with_untracked(|query| !query.trim().is_empty());
        if event.key() == "Enter"
            && !event.is_composing()
            && is_typed
            && let Some(first) = first
        {
            event.prevent_default();
            query.set(String::new());
            add(first);
        }
    };
    let searches = Memo::new(move |_| query.with(|query| !query.trim().is_empty()));
    let group = move |title: &'static str| {
        let found = Memo::new(move |_| found_in(title));
        let kind = move |kind: &'static str| {
            view! {
                <div
                    class="kind"
                    class:is-hover=move || designer.dragged.with(|dragged| *dragged == Some(Dragged::Kind(kind)))
                    role="button"
                    tabindex="0"
                    draggable="true"
                    data-kind=kind
                    data-tip=move || kind_about(kind)
                    on:click=move |_| add(kind)
                    on:keydown=move |event| press_by_key(&event, || add(kind))
                    on:dragstart=move |event| drag::start(designer, Dragged::Kind(kind), &event)
                    on:dragend=move |_| drag::end(designer)
                >
                    <Icon name=kind_icon(kind)/>
                    <span class="kind-words">
                        <span>{move || kind_name(kind)}</span>
                        <span class="kind-about">{move || kind_about(kind)}</span>
                    </span>
                </div>
            }
        };
        view! {
            <Show when=move || found.with(|found| !found.is_empty())>
                <div class="palette-group">
                    <h2>{move || i18n::lookup(title, &[])}</h2>
                    <div class="palette-kinds" data-told=move || searches.get().then_some("true")>
                        {move || found.get().into_iter().map(kind).collect_view()}
                    </div>
                </div>
            </Show>
        }
    };
    view! {
        <aside class="pane left" data-pane=KINDS aria-label=t!("designer-palette")>
            <div class="pane-body">
                <div class="contents" on:keydown=add_first>
                <SearchBox value=query on_search=move |text| query.set(text) pause=0 placeholder=t!("designer-search-kind")/>
                </div>
                {GROUPS.into_iter().map(group).collect_view()}
            </div>
        </aside>
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use engine::field::FieldKind;
    use engine::form::Takeover;
    use engine::text::Language;

    use super::*;

    #[test]
    fn every_kind_of_the_engine_is_in_the_palette_once_under_a_name() {
        let kinds: BTreeSet<&str> = ENTRIES.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds.len(), ENTRIES.len());
        assert_eq!(kinds, FieldKind::NAMES.iter().copied().collect());
        for kind in kinds {
            assert!(!kind_name(kind).starts_with("designer-kind-"), "{kind}");
        }
    }

    #[test]
    fn every_kind_of_the_engine_says_in_a_line_what_it_is_for() {
        for language in Language::ALL {
            let mut said = BTreeSet::new();
            for kind in FieldKind::NAMES {
                let about = i18n::in_language(language, &about_key(kind), &[]);
                assert!(!about.starts_with("designer-about-"), "{language}: {kind}");
                assert!(about.chars().count() <= 60, "{language}: {about}");
                assert!(said.insert(about), "{language}: {kind} says what another one says");
            }
        }
    }

    #[test]
    fn who_types_the_whole_name_of_a_kind_means_that_kind() {
        for language in Language::ALL {
            let name = |kind: &str| {
                i18n::in_language(language, &format!("designer-kind-{}", kind.replace('_', "-")), &[])
            };
            for entry in ENTRIES {
                let typed = name(entry.kind);
                let found: Vec<&'static str> = ENTRIES
                    .iter()
                    .map(|entry| entry.kind)
                    .filter(|kind| name(kind).contains(&typed))
                    .collect();
                assert_eq!(meant(&found, &typed, name), Some(entry.kind), "{language}: {typed}");
            }
        }
        assert_eq!(meant(&["datetime", "time"], "Ti", |kind| kind.to_string()), Some("time"));
        assert_eq!(meant(&["datetime", "month"], "x", |kind| kind.to_string()), Some("datetime"));
    }

    #[test]
    fn a_column_is_offered_every_kind_that_it_may_have_and_a_formula() {
        let offered: Vec<&str> = offered_columns().collect();
        assert!(offered.contains(&FORMULA) && !is_column_kind(FORMULA));
        assert_eq!(offered.len(), column_kinds().count() + 1);
        assert!(column_kinds().all(|kind| offered.contains(&kind)));
    }

    #[test]
    fn a_field_may_become_what_takes_its_values_over_and_nothing_else() {
        let offered: Vec<&str> = kinds_instead_of("text", false).collect();
        for entry in ENTRIES.iter().filter(|entry| entry.group != GROUPS[3]) {
            let kind = FieldKind::from_parts(entry.kind, serde_json::Value::Null).unwrap();
            assert_eq!(offered.contains(&entry.kind), Takeover::is_into(&kind), "{}", entry.kind);
        }
        assert!(!offered.contains(&"divider"));
        let of_columns: Vec<&str> = kinds_instead_of("text", true).collect();
        assert!(of_columns.contains(&"number") && !of_columns.contains(&"serial"));
        // What it is stands in the list, whatever it is.
        assert!(kinds_instead_of("lookup", false).any(|kind| kind == "lookup"));
    }
}
