//! The tables of a print-out: fields beside each other, rows with their totals, and the approval.

use std::collections::BTreeMap;

use super::amount::total;
use super::blocks::Sheet;
use super::document::Block;
use super::markup::Tag;
use super::words::{is_number, word};
use super::{Opinion, is_decision};
use crate::form::Column;
use crate::text::{Language, Texts};
use crate::value::get;

/// Fields beside each other where a template does not say.
const COLUMNS: usize = 2;

impl Sheet<'_> {
    pub(super) fn fields(&self, class: &str, block: &Block, into: &mut String) {
        let shown = block.fields.iter().filter_map(|path| self.field(path));
        let shown: Vec<(String, String)> =
            shown.filter(|(_, value)| !(block.hide_empty && value.is_empty())).collect();
        if shown.is_empty() {
            return;
        }
        let beside =
            block.columns.and_then(|columns| usize::try_from(columns).ok()).unwrap_or(COLUMNS).max(1);
        let mut rows = String::new();
        for line in shown.chunks(beside) {
            let mut row = Tag::new("tr");
            for (label, value) in line {
                row = row.inside(Tag::new("th").text(label)).inside(Tag::new("td").raw(value.clone()));
            }
            // The last line is as wide as the others.
            for _ in line.len()..beside {
                row = row.inside(Tag::new("th")).inside(Tag::new("td"));
            }
            rows.push_str(&row.to_string());
        }
        into.push_str(&self.heading(block));
        let beside = format!("beside{beside}");
        into.push_str(&Tag::new("table").class("fields").class(&beside).class(class).raw(rows).to_string());
    }

    pub(super) fn rows(&self, class: &str, block: &Block, into: &mut String) {
        let Some(subform) = block.subform.as_deref() else { return };
        let columns: Vec<&Column> =
            block.fields.iter().filter_map(|key| self.open_column(subform, key)).collect();
        let rows = get(&self.values, subform).rows();
        if columns.is_empty() || rows.is_empty() {
            return;
        }
        let language = self.reader.language;
        let mut head = Tag::new("tr");
        if block.numbered {
            head = head.inside(Tag::new("th").class("no").text(word("print-number", language)));
        }
        for column in &columns {
            head = head.inside(side("th", column).text(column.field.label.get(language)));
        }
        let mut body = String::new();
        for (place, row) in rows.iter().enumerate() {
            let mut line = Tag::new("tr");
            if block.numbered {
                line = line.inside(Tag::new("td").class("no").text((place + 1).to_string()));
            }
            for column in &columns {
                let value = get(&row.values, &column.field.key);
                line = line.inside(side("td", column).raw(self.cell(column, value)));
            }
            body.push_str(&line.to_string());
        }
        body.push_str(&self.totals(subform, block, &columns));
        let table = Tag::new("table").class("rows").class(class);
        let table = table.inside(Tag::new("thead").inside(head)).inside(Tag::new("tbody").raw(body));
        into.push_str(&self.heading(block));
        into.push_str(&table.to_string());
    }

    /// A column that the reader sees in some row.
    fn open_column(&self, subform: &str, key: &str) -> Option<&Column> {
        let path = format!("{subform}.{key}");
        self.form.column(&path).filter(|_| self.is_open(&path))
    }

    /// The last line of the rows. It is no foot of the table, which would stand on every page.
    fn totals(&self, subform: &str, block: &Block, columns: &[&Column]) -> String {
        let is_added = |column: &&Column| block.totals.contains(&column.field.key);
        if !columns.iter().any(is_added) {
            return String::new();
        }
        let language = self.reader.language;
        let mut line = Tag::new("tr").class("totals");
        let mut is_named = block.numbered;
        if block.numbered {
            line = line.inside(Tag::new("td").text(word("print-total", language)));
        }
        for column in columns {
            let cell = side("td", column);
            if is_added(column) {
                let rows = get(&self.values, subform).rows();
                let sum = total(rows.iter().map(|row| get(&row.values, &column.field.key)));
                line = line.inside(cell.raw(self.cell(column, &sum)));
            } else if is_named {
                line = line.inside(cell);
            } else {
                is_named = true;
                line = line.inside(cell.text(word("print-total", language)));
            }
        }
        line.to_string()
    }

    pub(super) fn opinions(&self, class: &str, block: &Block, into: &mut String) {
        let opinions: Vec<&Opinion> =
            self.record.opinions.iter().filter(|opinion| is_decision(&opinion.action)).collect();
        if opinions.is_empty() {
            return;
        }
        let language = self.reader.language;
        let is_signed = opinions.iter().any(|opinion| opinion.signature.is_some());
        let mut head = Tag::new("tr");
        for key in ["print-step", "print-who", "print-decision", "print-opinion"] {
            head = head.inside(Tag::new("th").text(word(key, language)));
        }
        if is_signed {
            head = head.inside(Tag::new("th").text(word("print-signature", language)));
        }
        head = head.inside(Tag::new("th").text(word("print-at", language)));
        let body: String =
            opinions.into_iter().map(|opinion| self.opinion(opinion, is_signed).to_string()).collect();
        let table = Tag::new("table").class("rows").class("opinions").class(class);
        let table = table.inside(Tag::new("thead").inside(head)).inside(Tag::new("tbody").raw(body));
        into.push_str(&self.heading(block));
        into.push_str(&table.to_string());
    }

    fn opinion(&self, opinion: &Opinion, is_signed: bool) -> Tag {
        let language = self.reader.language;
        let who = match &opinion.on_behalf_of {
            Some(other) => format!("{} ({})", opinion.who, on_behalf(other, language)),
            None => opinion.who.clone(),
        };
        let did = word(&format!("print-did-{}", opinion.action), language);
        let mut line = Tag::new("tr");
        for text in [&opinion.step, &who, &did, &opinion.opinion] {
            line = line.inside(Tag::new("td").text(text));
        }
        if is_signed {
            let signature = opinion.signature.map(|id| self.picture(id)).unwrap_or_default();
            line = line.inside(Tag::new("td").raw(signature));
        }
        line.inside(Tag::new("td").class("at").text(self.reader.moment(opinion.at)))
    }
}

fn on_behalf(name: &str, language: Language) -> String {
    let args = BTreeMap::from([("name".to_string(), name.to_string())]);
    Texts::of(language).get("print-on-behalf", &args).unwrap_or_default()
}

/// A cell of a column: numbers stand at its right.
fn side(name: &'static str, column: &Column) -> Tag {
    let tag = Tag::new(name);
    if is_number(&column.read_kind) { tag.class("n") } else { tag }
}
