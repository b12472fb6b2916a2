//! Print templates: how records of a form stand on paper, as a document; and the one renderer of it, which the browser and the
//! server both call.
//!
//! A template shows nothing that its reader may not see: it is filled from the record as the reader has it, and what is not
//! in that prints nothing. What comes out is HTML with styles of its own and pictures inside: it fetches nothing, and holds
//! nothing that runs.

mod amount;
mod blocks;
mod check;
mod code;
mod computed;
mod document;
mod markup;
mod paper;
mod tables;
#[cfg(test)]
mod tests;
mod words;

pub use check::PrintSees;
pub use document::{
    Align, Block, BlockKind, CodeSymbol, Margins, Orientation, Paper, PrintTemplate, TextSize,
};
pub use markup::{Parts, Printed, parts};
pub use words::PRINT_NAMES;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};

use crate::field::FieldKind;
use crate::form::Form;
use crate::text::Language;
use crate::value::{Id, Timestamp, Value};

/// What somebody decided in the approval of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// What the step is called.
    pub step: String,
    pub who: String,
    pub on_behalf_of: Option<String>,
    /// What they did, as the log of the flow calls it: `approve`.
    pub action: String,
    pub opinion: String,
    /// The file with the signature.
    pub signature: Option<Id>,
    pub at: Timestamp,
}

/// Whether a line of a flow's log is somebody's decision, such as stands on paper: what the product did and what was only said
/// is left out.
pub fn is_decision(action: &str) -> bool {
    matches!(action, "start" | "submit" | "approve" | "reject" | "return" | "terminate")
}

/// A record as its reader has it.
#[derive(Clone, Debug, Default)]
pub struct PrintRecord {
    /// What it is called.
    pub title: String,
    /// Where it is found.
    pub link: String,
    /// What the reader may see of it, in the wire form: what is closed to them is not there.
    pub fields: Map<String, Json>,
    /// The system fields by name, in the wire form.
    pub system: BTreeMap<String, Json>,
    /// What names through links say (`customer.phone`), as far as the reader may see it.
    pub linked: BTreeMap<String, (FieldKind, Value)>,
    /// In the order in which it was decided.
    pub opinions: Vec<Opinion>,
}

/// Who prints, when, and how what is only named by ids is called.
pub struct PrintReader<'r> {
    pub language: Language,
    pub zone: &'r TimeZone,
    pub now: Timestamp,
    /// What whoever prints is called.
    pub printed_by: &'r str,
    /// The name of a record, a person, a department or a file, where the reader may know it.
    pub name: &'r dyn Fn(Id) -> Option<String>,
    /// The address of a picture: its data, or an address of the product's own.
    pub picture: &'r dyn Fn(Id) -> Option<String>,
}

impl PrintTemplate {
    /// Puts the records on paper, each beginning on a new page.
    pub fn print(&self, form: &Form, records: &[PrintRecord], reader: &PrintReader<'_>) -> Printed {
        let mut body = String::new();
        for record in records {
            body.push_str("<article class=\"sheet\">");
            let sheet = blocks::Sheet::new(form, record, reader);
            for (place, block) in self.blocks.iter().enumerate() {
                sheet.block(place, block, &mut body);
            }
            body.push_str("</article>");
        }
        Printed {
            title: self.label.get(reader.language).to_string(),
            language: reader.language,
            page: paper::page_style(self, reader.language),
            style: paper::style(self),
            body,
        }
    }

    /// The files whose pictures the records need.
    pub fn pictures(&self, form: &Form, records: &[PrintRecord]) -> Vec<Id> {
        let mut wanted: Vec<Id> = Vec::new();
        for record in records {
            let shown = blocks::pictures(self, form, record);
            wanted.extend(shown.into_iter().filter(|id| !wanted.contains(id)).collect::<Vec<Id>>());
        }
        wanted
    }
}
