//! A record of a form, chosen on top of a page.

use engine::condition::{Condition, Operator};
use engine::field::Shape;
use engine::value::Id;
use leptos::prelude::*;
use wire::records::Query;

use crate::api::{Problem, forms, records};
use crate::ui::{Button, ControlSize, Found, Icon, Picker, Popover, Searching};
use crate::{i18n, t};

/// Records of a form whose title contains a text.
pub async fn find(form: Id, text: String) -> Result<Vec<Found>, Problem> {
    let open = forms::open(&form.to_string()).await?;
    let searched = open.form.fields().find(|column| column.shape == Shape::Text);
    let filter = searched
        .filter(|_| !text.trim().is_empty())
        .map(|column| Condition::test(&column.path, Operator::Contains, text.trim()));
    let query = Query { filter, limit: Some(20), ..Query::default() };
    let page = records::query(form, &query).await?;
    let language = i18n::language_now();
    let found = page.items.iter().map(|record| {
        let values = records::values(&open, record);
        let title = engine::record::title(&open.form, &values, language, &|_| String::new());
        Found { id: record.id.to_string(), title, ..Found::default() }
    });
    Ok(found.collect())
}

/// A button that shows the chosen record and opens the choice.
#[component]
pub fn RecordFilter(
    #[prop(into)] label: Signal<String>,
    /// What is chosen is called; empty for none.
    #[prop(into)]
    title: Signal<String>,
    search: Callback<String, Searching>,
    #[prop(into)] on_change: Callback<Option<Found>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let choose = move |found: Option<Found>| {
        open.set(false);
        on_change.run(found);
    };
    let shown = move || {
        let title = title.get();
        if title.is_empty() { i18n::lookup("filter-all", &[]) } else { title }
    };
    view! {
        <Button
            size=ControlSize::Small
            expanded=open
            on=Signal::derive(move || title.with(|title| !title.is_empty()))
            on_press=move |_| open.update(|open| *open = !*open)
        >
            <span class="muted">{label}</span>
            <span class="clip filter-value">{shown}</span>
            <Icon name="down"/>
        </Button>
        <Popover open=open class="menu" role="group">
            <Picker search=search on_pick=move |found| choose(Some(found)) placeholder=t!("ui-search")/>
            <div class="menu-line"></div>
            <button type="button" class="menu-item" on:click=move |_| choose(None)>{t!("filter-all")}</button>
        </Popover>
    }
}
