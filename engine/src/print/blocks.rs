//! The blocks of a template, filled from one record.

use std::cell::RefCell;

use serde_json::Value as Json;

use super::code;
use super::document::{Block, BlockKind, CodeSymbol, PrintTemplate};
use super::markup::{Tag, escaped};
use super::words::word;
use super::{PrintReader, PrintRecord, check};
use crate::field::FieldKind;
use crate::form::{Column, Form, SYSTEM_FIELDS, fill_text, pattern_formula, system_kind, system_label};
use crate::formula::Budget;
use crate::record::read_values;
use crate::text::Label;
use crate::value::{Id, Value, Values, get};

/// One record on its way to paper.
pub(super) struct Sheet<'s> {
    pub form: &'s Form,
    pub record: &'s PrintRecord,
    pub reader: &'s PrintReader<'s>,
    /// What the reader may see of the record.
    pub values: Values,
    /// What the formulas of the template may do with this record, together.
    pub budget: RefCell<Budget>,
}

/// The pictures that a template shows of a record.
pub(super) fn pictures(template: &PrintTemplate, form: &Form, record: &PrintRecord) -> Vec<Id> {
    let values = read_values(form, &record.fields);
    let mut found: Vec<Id> = Vec::new();
    let is_pictured = |path: &str| form.column(path).is_some_and(|column| is_of_pictures(&column.read_kind));
    for block in &template.blocks {
        match (block.kind, &block.subform) {
            (BlockKind::Fields, _) => {
                let shown = block.fields.iter().filter(|path| is_pictured(path));
                found.extend(shown.flat_map(|path| ids(get(&values, path))));
            }
            (BlockKind::Rows, Some(subform)) => {
                let shown: Vec<&String> =
                    block.fields.iter().filter(|key| is_pictured(&format!("{subform}.{key}"))).collect();
                for row in get(&values, subform).rows() {
                    found.extend(shown.iter().flat_map(|key| ids(get(&row.values, key))));
                }
            }
            (BlockKind::Opinions, _) => {
                found.extend(record.opinions.iter().filter_map(|opinion| opinion.signature));
            }
            _ => {}
        }
    }
    found
}

fn ids(value: &Value) -> Vec<Id> {
    value.items().iter().filter_map(Value::as_ref_id).collect()
}

fn is_of_pictures(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Images(_) | FieldKind::Signature(_))
}

impl<'s> Sheet<'s> {
    pub fn new(form: &'s Form, record: &'s PrintRecord, reader: &'s PrintReader<'s>) -> Sheet<'s> {
        let values = read_values(form, &record.fields);
        Sheet { form, record, reader, values, budget: RefCell::new(Budget::for_record()) }
    }

    /// Whether the reader sees a field, or a column in some row. Where there are no rows, nothing in them is closed.
    pub(super) fn is_open(&self, path: &str) -> bool {
        if SYSTEM_FIELDS.contains(&path) {
            return true;
        }
        match path.split_once('.') {
            None => self.record.fields.contains_key(path),
            Some((subform, column)) => {
                let rows = self.record.fields.get(subform).and_then(Json::as_array);
                rows.is_some_and(|rows| rows.is_empty() || rows.iter().any(|row| row.get(column).is_some()))
            }
        }
    }

    /// Writes the block at `place`.
    pub fn block(&self, place: usize, block: &Block, into: &mut String) {
        let class = format!("b{place}");
        match block.kind {
            BlockKind::Heading => self.paragraph("h1", &class, block, into),
            BlockKind::Text => self.paragraph("p", &class, block, into),
            BlockKind::Fields => self.fields(&class, block, into),
            BlockKind::Rows => self.rows(&class, block, into),
            BlockKind::Opinions => self.opinions(&class, block, into),
            BlockKind::Signatures => {
                let line = |label: &Label| {
                    let name = Tag::new("span").text(self.said(label));
                    Tag::new("div").inside(name).inside(Tag::new("i")).to_string()
                };
                let lines: String = block.lines.iter().map(line).collect();
                into.push_str(&Tag::new("div").class("signs").class(&class).raw(lines).to_string());
            }
            BlockKind::Image => {
                let Some(data) = block.data.as_deref().filter(|data| check::is_picture(data)) else { return };
                let picture = Tag::new("img").attribute("src", data).attribute("alt", "");
                into.push_str(&self.placed(&class, block).inside(picture).to_string());
            }
            BlockKind::Code => {
                let said = match &block.field {
                    Some(path) => self.text_of(path),
                    None => self.record.link.clone(),
                };
                let drawn = match block.symbol {
                    CodeSymbol::Qr => code::qr(&said),
                    CodeSymbol::Code128 => code::code128(&said),
                };
                // What does not fit into a code is written out: nothing that is asked for is left out in silence.
                let drawn = drawn.unwrap_or_else(|| escaped(&said));
                if !said.is_empty() {
                    into.push_str(&self.placed(&class, block).raw(drawn).to_string());
                }
            }
            // It stands at the edge of the page, where the style sheet puts it; a screen has no pages.
            BlockKind::PageNumber => {
                let text = super::paper::page_words(self.reader.language, "#", "#");
                into.push_str(&self.placed(&class, block).class("page-number").text(text).to_string());
            }
            BlockKind::Line => into.push_str(&Tag::new("hr").class(&class).to_string()),
            BlockKind::Space => into.push_str(&Tag::new("div").class("space").class(&class).to_string()),
            BlockKind::PageBreak => into.push_str(&Tag::new("div").class("break").to_string()),
        }
    }

    fn placed(&self, class: &str, block: &Block) -> Tag {
        Tag::new("div").class(class).class(block.align.name())
    }

    fn paragraph(&self, name: &'static str, class: &str, block: &Block, into: &mut String) {
        let Some(text) = &block.text else { return };
        let text = self.said(text);
        if text.trim().is_empty() {
            return;
        }
        let tag = Tag::new(name).class(class).class(block.align.name()).class(block.size.name());
        let tag = if block.bold { tag.class("bold") } else { tag };
        into.push_str(&tag.text(text).to_string());
    }

    /// A heading above a table, where there is one.
    pub fn heading(&self, block: &Block) -> String {
        let text = block.text.as_ref().map(|text| self.said(text)).filter(|text| !text.trim().is_empty());
        text.map(|text| Tag::new("h2").text(text).to_string()).unwrap_or_default()
    }

    /// A text with what its names say to the reader.
    fn said(&self, label: &Label) -> String {
        fill_text(label.get(self.reader.language), &|path| self.text_of(path))
    }

    /// What a name says: a field, a system field, one behind a link, or what every print knows; and what a formula gives. What
    /// is closed or gone says nothing.
    fn text_of(&self, path: &str) -> String {
        let reader = self.reader;
        if let Some(source) = pattern_formula(path) {
            return self.computed(source);
        }
        match path {
            "$title" => return self.record.title.clone(),
            "$form" => return self.form.sketch.document.label.get(reader.language).to_string(),
            "$printed_at" => return reader.moment(reader.now),
            "$printed_by" => return reader.printed_by.to_string(),
            _ => {}
        }
        if SYSTEM_FIELDS.contains(&path) {
            return self.system_text(path);
        }
        match self.form.column(path) {
            Some(column) => reader.text(&column.read_kind, get(&self.values, path)),
            None => {
                let linked = self.record.linked.get(path);
                linked.map(|(kind, value)| reader.text(kind, value)).unwrap_or_default()
            }
        }
    }

    fn system_text(&self, name: &str) -> String {
        let Some(json) = self.record.system.get(name) else { return String::new() };
        match (name, json) {
            ("$id", Json::String(id)) => id.clone(),
            ("$flow_state", Json::String(state)) => {
                word(&format!("print-state-{state}"), self.reader.language)
            }
            _ => {
                let kind = system_kind(name);
                kind.map(|kind| self.reader.text(&kind, &kind.read(json))).unwrap_or_default()
            }
        }
    }

    /// What a field of a table is called and holds; `None` for one that is closed to the reader, or that is gone.
    pub fn field(&self, path: &str) -> Option<(String, String)> {
        let language = self.reader.language;
        if SYSTEM_FIELDS.contains(&path) {
            return Some((system_label(path, language), escaped(&self.system_text(path))));
        }
        let column = self.form.column(path).filter(|_| self.record.fields.contains_key(path))?;
        Some((column.field.label.get(language).to_string(), self.cell(column, get(&self.values, path))))
    }

    /// A value as the markup of a cell: text, or pictures.
    pub fn cell(&self, column: &Column, value: &Value) -> String {
        if !is_of_pictures(&column.read_kind) {
            return escaped(&self.reader.text(&column.read_kind, value));
        }
        ids(value).into_iter().map(|id| self.picture(id)).collect()
    }

    /// A picture, or what the file is called where its picture is not there.
    pub fn picture(&self, id: Id) -> String {
        match (self.reader.picture)(id) {
            Some(address) => {
                Tag::new("img").class("pic").attribute("src", &address).attribute("alt", "").to_string()
            }
            None => escaped(&(self.reader.name)(id).unwrap_or_default()),
        }
    }
}
