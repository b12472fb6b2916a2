//! What is made of several components: the table, a timeline, the palette of commands, a list that is put in order, a signature
//! and rich text; each over things that are at hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::field::FieldKind;
use engine::form::{Form, FormDocument, Sketch};
use engine::record::Draft;
use engine::value::{Id, Value};
use leptos::prelude::*;
use serde_json::{Value as Json, json};
use wire::records::Record;

use super::{Cell, Section};
use crate::api::forms::{self, OpenForm, Related};
use crate::api::instances::Instance;
use crate::designer::{ColourChoice, EntryButtons};
use crate::fill::{FormState, RichTextInput, RichTextView, SignaturePicture, Signed, Titles};
use crate::grid::{GivenCell, GivenTable};
use crate::inbox::Timeline;
use crate::records::{context, loaders_of_draft};
use crate::shell::{Act, AppIcons, Entry, PaletteBox};
use crate::ui::{Field, SignaturePad};
use crate::{t, text};

/// More rows than are drawn at once.
const ROWS: i64 = 100;
/// The columns of the table.
const COLUMNS: [&str; 5] = ["name", "stage", "day", "amount", "done"];
/// Somebody's name, written by hand.
const HAND: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 96 32'%3E%3Cpath d='M8 22c6-18 12-14 9-3s8-9 11-8-4 11 1 10 7-12 10-9-5 10 1 8 9-13 12-9-4 11 3 8 10-9 16-7' fill='none' stroke='%2316213e' stroke-width='1.5'/%3E%3C/svg%3E";

fn option(number: i64) -> String {
    text!("gallery-option", number = number)
}

/// A form with these fields, as it can be used.
pub(super) fn form_of(fields: Json) -> Option<Arc<Form>> {
    let document = json!({"key": "gallery", "label": text!("gallery-title"), "fields": fields});
    let document: FormDocument = serde_json::from_value(document).ok()?;
    let sketch = Sketch { id: Id::from_i64(2)?, app: "gallery".to_string(), document };
    forms::usable(&sketch, &[]).map(Arc::new)
}

fn open_form() -> Option<OpenForm> {
    let stage =
        |key: &str, number: i64, colour: &str| json!({"key": key, "label": option(number), "color": colour});
    let choices = [stage("a", 1, "o3"), stage("b", 2, "o4"), stage("c", 3, "o8")];
    let field = |key: &str, label: String, kind: &str, options: Json| json!({"key": key, "label": label, "kind": kind, "options": options});
    let form = form_of(json!([
        field("name", option(1), "text", json!({})),
        field("stage", text!("gallery-state"), "select", json!({"choices": choices})),
        field("day", text!("gallery-day"), "date", json!({})),
        field("amount", text!("gallery-number"), "number", json!({"scale": 2})),
        field("done", text!("gallery-on"), "switch", json!({}))
    ]))?;
    let id = form.sketch.id;
    let info = json!({"id": id, "app": id, "app_key": "gallery", "key": "gallery", "label": text!("gallery-title"),
        "version": 1, "state": "published", "flow": null, "may": {"operations": ["view"], "fields": {}}});
    Some(OpenForm { info: serde_json::from_value(info).ok()?, form, catalogue: Arc::new(Related::default()) })
}

fn record(place: i64) -> Option<Record> {
    let at = "2024-11-18T08:05:00Z";
    let stage = ["a", "b", "c"].into_iter().cycle().nth(usize::try_from(place).ok()? % 3)?;
    let fields = json!({"name": option(place + 1), "stage": stage, "day": "2024-11-18",
        "amount": format!("{}.50", 1_280 + place * 37), "done": place % 2 == 0});
    let system = json!({"created_at": at, "updated_at": at, "collaborators": []});
    let record = json!({"id": Id::from_i64(100 + place)?, "version": 1, "fields": fields, "system": system});
    serde_json::from_value(record).ok()
}

/// The table with cells that are not as they are stored, a block that is selected and a row that is chosen.
fn table() -> Option<impl IntoView> {
    let records: Vec<Record> = (0..ROWS).filter_map(record).collect();
    let cells = vec![
        (1, "amount", GivenCell::Pending(json!("2048.00"))),
        (2, "amount", GivenCell::Refused("12,x".to_string(), text!("gallery-sentence"))),
        (3, "amount", GivenCell::AtOdds(json!("64.00"), json!("32.00"))),
    ];
    let columns = || COLUMNS.map(str::to_string).to_vec();
    let (form, coming) = (open_form()?, open_form()?);
    Some(view! {
        <GivenTable form=form columns=columns() records=Some(records) cells=cells selected=Some([(4, 1), (6, 2)]) picked=vec![7]/>
        <span class="cap">{t!("gallery-table-cells")}</span>
        <GivenTable form=coming columns=columns() records=None/>
        <span class="cap">{t!("gallery-busy")}</span>
    })
}

#[component]
pub fn Tables() -> impl IntoView {
    // Made anew in another language.
    view! { <Section title=t!("gallery-table")>{move || table()}</Section> }
}

/// An instance that is under way, or one that has ended.
fn instance(has_ended: bool) -> Option<Instance> {
    let log = |at: &str, action: &str, who: &str, more: Json| {
        let mut line = json!({"at": format!("2024-11-18T{at}:00Z"), "action": action, "who": who});
        if let (Some(line), Some(more)) = (line.as_object_mut(), more.as_object()) {
            line.extend(more.clone());
        }
        line
    };
    let said = || text!("gallery-sentence");
    let start = log("01:05", "start", "1", json!({}));
    let mut instance = json!({"id": "1", "state": "running", "log": [start],
        "names": {"1": option(1), "2": option(2), "3": option(3)},
        "labels": {"check": option(4), "sign": option(5), "tell": option(6)},
        "drawing": [{"key": "check", "kind": "approve"}, {"key": "sign", "kind": "approve"},
            {"key": "tell", "kind": "cc"}]});
    let more = if has_ended {
        let refused = log("03:10", "reject", "2", json!({"step": "check", "opinion": said()}));
        json!({"state": "rejected", "log": [start, refused, log("03:10", "end", "2", json!({}))]})
    } else {
        let passed = json!({"step": "check", "opinion": said(), "waited": 7_500});
        let back = json!({"step": "check", "to": "start", "opinion": said()});
        let lines = [
            start,
            log("02:00", "return", "2", back),
            log("02:30", "submit", "1", json!({})),
            log("03:10", "approve", "2", passed),
        ];
        let task = json!({"id": "1", "step": "sign", "assignee": "3", "state": "open",
            "arrived": "2024-11-18T03:10:00Z", "due": "2024-11-19T03:10:00Z"});
        json!({"log": lines, "tasks": [task], "next": [{"step": "tell", "people": ["1"], "because": option(7)}]})
    };
    instance.as_object_mut()?.extend(more.as_object()?.clone());
    serde_json::from_value(instance).ok()
}

#[component]
pub fn Timelines() -> impl IntoView {
    let shown = move || {
        let (running, ended) = (instance(false)?, instance(true)?);
        Some(view! {
            <div class="demo">
                <Cell name=t!("gallery-busy") class="w-320"><Timeline instance=running links_to_tasks=false/></Cell>
                <Cell name=t!("gallery-ended") class="w-320"><Timeline instance=ended links_to_tasks=false/></Cell>
            </div>
        })
    };
    view! { <Section title=t!("gallery-timeline")>{shown}</Section> }
}

fn entries() -> Vec<Entry> {
    let entry = |(number, icon): (i64, &str)| Entry {
        act: Act::Go("/_/gallery".to_string()),
        icon: icon.to_string(),
        title: option(number),
        note: text!("gallery-title"),
    };
    [(1, "form"), (2, "table"), (3, "chart"), (4, "plus")].into_iter().map(entry).collect()
}

#[component]
pub fn Commands() -> impl IntoView {
    let (ask, go) = (|_: String| (), |_: Entry| ());
    let palette = move |shown: Signal<Vec<Entry>>| {
        let missing = Signal::derive(|| Some(text!("ui-nothing-found", query = "Hemu")));
        view! {
            <PaletteBox
                shown=shown
                at=RwSignal::new(1)
                name=Signal::derive(t!("gallery-palette"))
                placeholder=Signal::derive(t!("palette-placeholder"))
                missing=missing
                on_ask=ask
                on_go=go
                takes_focus=false
            />
        }
    };
    view! {
        <Section title=t!("gallery-palette")>
            {palette(Signal::derive(entries))}
            <span class="cap">{t!("gallery-rest")}</span>
            {palette(Signal::stored(Vec::new()))}
            <span class="cap">{t!("gallery-empty")}</span>
        </Section>
    }
}

/// Lines that are put in order, and taken out.
#[component]
pub fn InOrder() -> impl IntoView {
    let order = RwSignal::new(vec![1i64, 2, 3]);
    let shift = move |number: i64, by: isize| {
        order.update(|order| {
            let place = order.iter().position(|known| *known == number);
            let to = place.and_then(|place| place.checked_add_signed(by)).filter(|to| *to < order.len());
            if let (Some(place), Some(to)) = (place, to) {
                order.swap(place, to);
            }
        });
    };
    let line = move |number: i64| {
        view! {
            <li class="row">
                <span class="grow">{move || option(number)}</span>
                <EntryButtons
                    on_up=move |()| shift(number, -1)
                    on_down=move |()| shift(number, 1)
                    on_remove=move |()| order.update(|order| order.retain(|known| *known != number))
                />
            </li>
        }
    };
    view! {
        <Section title=t!("gallery-order")>
            <ul class="stack g1 w-320"><For each=move || order.get() key=|number| *number children=line/></ul>
        </Section>
    }
}

#[component]
pub fn Signatures() -> impl IntoView {
    let (hand, keep) = (HAND, |_: web_sys::File| ());
    let wrong = Signal::derive(|| Some(text!("gallery-sentence")));
    view! {
        <Section title=t!("gallery-signature")>
            <div class="demo">
                <Cell name=t!("gallery-empty") class="w-240"><SignaturePad on_done=keep/></Cell>
                <Cell name=t!("gallery-on") class="w-240"><Signed src=hand on_again=|()| ()/></Cell>
                <Cell name=t!("gallery-fault") class="w-240">
                    <Field label=t!("gallery-signature") required=true error=wrong><SignaturePad on_done=keep/></Field>
                </Cell>
                <Cell name=t!("gallery-read-only") class="w-240"><SignaturePicture value=Signal::stored(Value::Empty)/></Cell>
            </div>
        </Section>
    }
}

/// The colour of a choice, and the icon of an app or a form.
#[component]
pub fn ColoursAndIcons() -> impl IntoView {
    let colour = RwSignal::new(Some("o4".to_string()));
    let icon = RwSignal::new("box".to_string());
    let paint = move |name: Option<String>| colour.set(name);
    let choose = move |name: &'static str| icon.set(name.to_string());
    let (none, keep) = (Signal::stored(None::<String>), |_colour: Option<String>| ());
    view! {
        <Section title=t!("gallery-colours-and-icons")>
            <div class="demo">
                <Cell name=t!("gallery-on")><ColourChoice colour=colour on_choose=paint/></Cell>
                <Cell name=t!("gallery-empty")>
                    <ColourChoice colour=none on_choose=keep/>
                </Cell>
                <Cell name=t!("new-app-icon") class="w-320"><AppIcons icon=icon on_choose=choose/></Cell>
            </div>
        </Section>
    }
}

/// A form that is being filled in with a rich text, and the kind of that.
fn writing(written: Option<String>) -> Option<(FormState, FieldKind)> {
    let form = form_of(json!([{"key": "text", "label": text!("gallery-rich-text"), "kind": "rich_text"}]))?;
    let kind = form.column("text")?.field.kind.clone();
    let draft = Draft::new(form.clone(), context(BTreeMap::new()));
    let titles = Titles::default();
    let loaders = loaders_of_draft(form.sketch.id, form, Arc::new(Related::default()), titles);
    let state = FormState::new(draft, loaders, titles);
    if let Some(written) = written {
        untrack(|| state.enter("text", json!(written)));
    }
    Some((state, kind))
}

#[component]
pub fn RichTexts() -> impl IntoView {
    let wrong = Signal::derive(|| Some(text!("gallery-sentence")));
    let input = move |written: Option<String>, error: Signal<Option<String>>| {
        let (state, kind) = writing(written)?;
        let path = "text".to_string();
        Some(view! {
            <Field label=t!("gallery-rich-text") error=error><RichTextInput state=state path=path kind=kind/></Field>
        })
    };
    let markup = || {
        let (name, said) = (option(1), text!("gallery-sentence"));
        format!(
            "<h2>{name}</h2><p><b>{name}</b> {said}</p><ul><li>{}</li><li>{}</li></ul>",
            option(2),
            option(3)
        )
    };
    // Made anew in another language.
    let shown = move || {
        let (state, kind) = writing(Some(markup()))?;
        let right = Signal::stored(None);
        Some(view! {
            <div class="demo">
                <Cell name=t!("gallery-empty") class="w-320">{input(None, right)}</Cell>
                <Cell name=t!("gallery-rest") class="w-320">{input(Some(markup()), right)}</Cell>
                <Cell name=t!("gallery-fault") class="w-320">{input(Some(markup()), wrong)}</Cell>
                <Cell name=t!("gallery-read-only") class="w-320">
                    <RichTextView value=state.value("text".to_string()) kind=StoredValue::new(kind)/>
                </Cell>
            </div>
        })
    };
    view! { <Section title=t!("gallery-rich-text")>{shown}</Section> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_read() {
        Owner::new().with(|| {
            let form = untrack(open_form).expect("a form that can be used");
            assert!(COLUMNS.iter().all(|key| form.form.column(key).is_some()));
            let records = untrack(|| (0..ROWS).filter_map(record).count());
            assert_eq!(i64::try_from(records).unwrap(), ROWS);
            let running = untrack(|| instance(false)).expect("an instance under way");
            assert_eq!((running.log.len(), running.tasks.len(), running.next.len()), (4, 1, 1));
            let ended = untrack(|| instance(true)).expect("an instance that ended");
            assert!(ended.is_ended() && ended.tasks.is_empty());
        });
    }
}
