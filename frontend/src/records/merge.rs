//! Asks whose value stays where two people changed the same of one record.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::field::Shape;
use engine::form::{Column, Form};
use engine::value::{Row, Value, get, parse_timestamp};
use leptos::prelude::*;
use wire::records::Record;

use super::merging::{Clash, Place, changed_cells};
use crate::api::people;
use crate::fill::{Titles, value_text};
use crate::ui::{Button, ButtonKind, Dialog, Radio};
use crate::{i18n, t, text};

/// Who changed a record last, and when: what the reader is told who changed it too. Only when, where nobody has the name.
pub async fn changed_by(record: &Record) -> String {
    let at = parse_timestamp(&record.system.updated_at).map(i18n::date_time).unwrap_or_default();
    let members = match record.system.updated_by {
        Some(_) => people::members().await.map(|list| list.items).unwrap_or_default(),
        None => Vec::new(),
    };
    match members.into_iter().find(|member| Some(member.id) == record.system.updated_by) {
        Some(member) => text!("record-merge-by", who = member.name, at = at),
        None => text!("record-merge-at", at = at),
    }
}

/// Asks for each field, cell or row whose value stays.
#[component]
pub fn MergeDialog(
    open: RwSignal<bool>,
    form: Arc<Form>,
    /// Who changed it meanwhile, and when.
    by: RwSignal<String>,
    clashes: RwSignal<Vec<Clash>>,
    titles: Titles,
    /// Hears where the other's value stays.
    #[prop(into)]
    on_choose: Callback<Vec<Place>>,
) -> impl IntoView {
    // The places in the list of questions where the other's value stays.
    let theirs = RwSignal::new(BTreeSet::<usize>::new());
    Effect::new(move || {
        clashes.track();
        theirs.set(BTreeSet::new());
    });
    let words = StoredValue::new(Words { form, titles });
    let line = move |(number, clash): (usize, Clash)| {
        let is_theirs = move || theirs.with(|theirs| theirs.contains(&number));
        let choose = move |other: bool| {
            theirs.update(|theirs| {
                if other {
                    theirs.insert(number);
                } else {
                    theirs.remove(&number);
                }
            });
        };
        let name = format!("merge-{number}");
        let (what, mine, other) = words.with_value(|words| {
            (words.place(&clash), words.side(&clash, &clash.mine), words.side(&clash, &clash.theirs))
        });
        view! {
            <tr>
                <td>{what}</td>
                <td><Radio name=name.clone() checked=Signal::derive(move || !is_theirs()) on_choose=move |()| choose(false)>{mine}</Radio></td>
                <td><Radio name=name checked=Signal::derive(is_theirs) on_choose=move |()| choose(true)>{other}</Radio></td>
            </tr>
        }
    };
    let done = move |_| {
        open.set(false);
        let yielded = clashes.with_untracked(|clashes| {
            let chosen = theirs.get_untracked();
            let places = clashes.iter().enumerate().filter(|(number, _)| chosen.contains(number));
            places.map(|(_, clash)| clash.place.clone()).collect::<Vec<_>>()
        });
        on_choose.run(yielded);
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary on_press=done>{t!("record-merge-save")}</Button>
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(t!("record-merge-title")) foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                <p>{by}" "{t!("record-merge-text")}</p>
                <div class="frame">
                    <table class="grid plain auto">
                        <thead><tr><th><span class="sr">{t!("record-merge-field")}</span></th><th>{t!("record-merge-mine")}</th><th>{t!("record-merge-theirs")}</th></tr></thead>
                        <tbody>{move || clashes.get().into_iter().enumerate().map(line).collect_view()}</tbody>
                    </table>
                </div>
            </div>
        </Dialog>
    }
}

/// How the questions are worded.
struct Words {
    form: Arc<Form>,
    titles: Titles,
}

impl Words {
    fn label(&self, path: &str) -> String {
        let column = self.form.column(path);
        column.map(|column| column.field.label.get(i18n::language()).to_string()).unwrap_or_default()
    }

    fn text(&self, column: &Column, value: &Value) -> String {
        match value_text(column, value, self.titles, i18n::language()) {
            empty if empty.is_empty() => text!("history-empty"),
            text => text,
        }
    }

    /// What a question is about: the field; or the sub-form, the row and its column.
    fn place(&self, clash: &Clash) -> String {
        match &clash.place {
            Place::Field(path) => self.label(path),
            Place::Cell { column, .. } => {
                let subform = column.split_once('.').map_or(column.as_str(), |(subform, _)| subform);
                format!("{} · {}", self.row(subform, &clash.row), self.label(column))
            }
            Place::Row { subform, .. } => self.row(subform, &clash.row),
        }
    }

    /// A row by its sub-form and the first thing that is written in it.
    fn row(&self, subform: &str, row: &Row) -> String {
        let columns = self.form.columns_of(subform).filter(|column| column.field.is_input());
        let filled: Vec<&Column> =
            columns.filter(|column| !get(&row.values, &column.field.key).is_empty()).collect();
        let names =
            |column: &&&Column| column.shape.is_text() || matches!(column.shape, Shape::Ref | Shape::Key);
        let title = filled.iter().find(names).or(filled.first());
        let title = title.map(|column| self.text(column, get(&row.values, &column.field.key)));
        [Some(self.label(subform)), title].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// What one side says: the value; of a row that it has taken out, and of one that it has changed, what became of it.
    fn side(&self, clash: &Clash, value: &Value) -> String {
        let column = match &clash.place {
            Place::Field(path) => self.form.column(path),
            Place::Cell { column, .. } => self.form.column(column),
            Place::Row { subform, .. } => return self.fate(subform, &clash.row, value.rows().first()),
        };
        column.map(|column| self.text(column, value)).unwrap_or_default()
    }

    fn fate(&self, subform: &str, was: &Row, is: Option<&Row>) -> String {
        let Some(is) = is else { return text!("record-merge-row-gone") };
        let cell = |column: &Column| {
            let value = self.text(column, get(&is.values, &column.field.key));
            format!("{} {value}", column.field.label.get(i18n::language()))
        };
        let changes: Vec<String> = changed_cells(&self.form, subform, was, is).map(cell).collect();
        text!("record-merge-row-kept", changes = changes.join(" · "))
    }
}
