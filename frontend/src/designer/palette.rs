//! The kinds that can be put into a form.

use leptos::prelude::*;

use super::drag::{self, Dragged};
use super::state::{Designer, kind_name};
use crate::draft_editor::KINDS;
use crate::t;
use crate::ui::{Icon, SearchBox, press_by_key};

/// The groups of the palette: what most forms need first.
const GROUPS: [(&str, &[&str]); 3] = [
    (
        "designer-group-basic",
        &[
            "text",
            "long_text",
            "number",
            "money",
            "percent",
            "date",
            "datetime",
            "month",
            "switch",
            "select",
            "multi_select",
        ],
    ),
    ("designer-group-more", &["phone", "email", "member", "files", "formula", "serial"]),
    ("designer-group-links", &["link", "lookup", "rollup", "subform"]),
];

/// The kinds that a column of a sub-form may have.
pub const COLUMN_KINDS: [&str; 17] = [
    "text",
    "long_text",
    "number",
    "money",
    "percent",
    "date",
    "datetime",
    "month",
    "switch",
    "select",
    "multi_select",
    "phone",
    "email",
    "member",
    "files",
    "link",
    "lookup",
];

/// The icon of a kind.
pub fn kind_icon(kind: &str) -> &str {
    match kind {
        "long_text" => "textarea",
        "month" => "date",
        "switch" => "bool",
        "multi_select" => "multi",
        "files" => "file",
        same => same,
    }
}

/// The list of kinds; a click adds one after what is selected, dragging puts it anywhere.
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
    let group = move |(title, kinds): (&'static str, &'static [&'static str])| {
        let found = Memo::new(move |_| {
            let query = query.get().trim().to_lowercase();
            let hit = |kind: &&&str| kind_name(kind).to_lowercase().contains(&query) || kind.contains(&query);
            kinds.iter().filter(hit).copied().collect::<Vec<_>>()
        });
        let kind = move |kind: &'static str| {
            view! {
                <div
                    class="kind"
                    role="button"
                    tabindex="0"
                    draggable="true"
                    on:click=move |_| add(kind)
                    on:keydown=move |event| press_by_key(&event, || add(kind))
                    on:dragstart=move |event| drag::start(designer, Dragged::Kind(kind), &event)
                    on:dragend=move |_| drag::end(designer)
                >
                    <Icon name=kind_icon(kind)/>
                    <span class="clip">{move || kind_name(kind)}</span>
                </div>
            }
        };
        view! {
            <Show when=move || found.with(|found| !found.is_empty())>
                <div class="palette-group">
                    <h4>{move || crate::i18n::lookup(title, &[])}</h4>
                    <div class="palette-kinds">
                        {move || found.get().into_iter().map(kind).collect_view()}
                    </div>
                </div>
            </Show>
        }
    };
    view! {
        <aside class="pane left" data-pane=KINDS aria-label=t!("designer-palette")>
            <div class="pane-body">
                <SearchBox value=query on_search=move |text| query.set(text) pause=0 placeholder=t!("designer-search-kind")/>
                {GROUPS.into_iter().map(group).collect_view()}
            </div>
        </aside>
    }
}
