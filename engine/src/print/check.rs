//! A template held against its form when somebody saves it.

use super::computed;
use super::document::{Block, BlockKind, PrintTemplate};
use super::words::{PRINT_NAMES, adds_up};
use crate::condition::Reach;
use crate::field::FieldKind;
use crate::form::{Catalogue, Form, SYSTEM_FIELDS, is_key, pattern_formula, pattern_paths};
use crate::text::{Fault, Faults, Label};

/// Blocks of one template at most, and what is named in one.
const MOST_BLOCKS: usize = 100;
const MOST_FIELDS: usize = 100;
/// Formulas in its texts, those of all languages counted.
const MOST_FORMULAS: usize = 100;
/// Characters of a name and of a text.
const LONGEST_LABEL: usize = 100;
const LONGEST_TEXT: usize = 4_000;
/// Fields beside each other, people who sign.
const MOST_COLUMNS: u32 = 4;
const MOST_LINES: usize = 8;
/// Millimetres at an edge, of a picture or a code, of a space.
const WIDEST_MARGIN: u32 = 50;
const WIDEST: u32 = 300;
/// Characters of a picture: what stands behind `base64,` is a third longer than its bytes.
const LARGEST_PICTURE: usize = 200 << 10;

/// The kinds of pictures that may stand in a template: none that runs anything, or that names other files.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/// The form that a template is of, and what whoever saves it may see of it.
pub struct PrintSees<'s> {
    pub form: &'s Form,
    pub catalogue: &'s dyn Catalogue,
    /// Whether they may see a field, and everything on the way to it.
    pub may_see: &'s dyn Fn(&Reach) -> bool,
}

impl PrintTemplate {
    /// Everything that is wrong with the template, with JSON pointers.
    pub fn check(&self, sees: &PrintSees<'_>) -> Faults {
        let mut faults = Faults::new();
        if !is_key(&self.key) {
            faults.push(Fault::new("/key", "invalid_key"));
        }
        if self.label.is_blank() {
            faults.push(Fault::new("/label", "label_missing"));
        }
        faults.extend(too_long(Some(&self.label), "/label", LONGEST_LABEL));
        if self.blocks.len() > MOST_BLOCKS {
            faults.push(Fault::new("/blocks", "too_many").arg("max", MOST_BLOCKS));
        }
        let texts = self.blocks.iter().flat_map(|block| block.text.iter().flat_map(Label::texts));
        let formulas = texts.flat_map(pattern_paths).filter(|name| pattern_formula(name).is_some());
        if formulas.count() > MOST_FORMULAS {
            faults.push(Fault::new("/blocks", "too_many").arg("max", MOST_FORMULAS));
        }
        let margins = &self.margins;
        let edges = [
            ("top", margins.top),
            ("right", margins.right),
            ("bottom", margins.bottom),
            ("left", margins.left),
        ];
        for (name, width) in edges {
            faults.extend(too_large(Some(width), &format!("/margins/{name}"), WIDEST_MARGIN));
        }
        for (place, block) in self.blocks.iter().enumerate() {
            faults.extend(sees.block(block, &format!("/blocks/{place}")));
        }
        faults
    }
}

impl PrintSees<'_> {
    fn block(&self, block: &Block, at: &str) -> Faults {
        let mut faults = Faults::new();
        faults.extend(too_long(block.text.as_ref(), &format!("{at}/text"), LONGEST_TEXT));
        faults.extend(too_large(block.width, &format!("{at}/width"), WIDEST));
        faults.extend(too_large(block.height, &format!("{at}/height"), WIDEST));
        faults.extend(too_large(block.columns, &format!("{at}/columns"), MOST_COLUMNS));
        if block.columns == Some(0) {
            faults.push(Fault::new(format!("{at}/columns"), "too_small").arg("min", 1));
        }
        for (name, count, most) in [
            ("fields", block.fields.len(), MOST_FIELDS),
            ("totals", block.totals.len(), MOST_FIELDS),
            ("lines", block.lines.len(), MOST_LINES),
        ] {
            if count > most {
                faults.push(Fault::new(format!("{at}/{name}"), "too_many").arg("max", most));
            }
        }
        for text in block.text.iter().flat_map(Label::texts) {
            faults.extend(self.pattern(text, &format!("{at}/text")));
        }
        faults.extend(self.of_kind(block, at));
        faults
    }

    /// What a block of its kind needs.
    fn of_kind(&self, block: &Block, at: &str) -> Faults {
        let required = |name: &str| Fault::new(format!("{at}/{name}"), "required");
        match block.kind {
            BlockKind::Heading | BlockKind::Text => match &block.text {
                Some(text) if !text.is_blank() => Faults::new(),
                _ => vec![required("text")],
            },
            BlockKind::Fields if block.fields.is_empty() => vec![required("fields")],
            BlockKind::Fields => {
                let fields = block.fields.iter().enumerate();
                fields.filter_map(|(n, path)| self.own(path, &format!("{at}/fields/{n}"), is_shown)).collect()
            }
            BlockKind::Rows => self.rows(block, at),
            BlockKind::Signatures if block.lines.iter().all(Label::is_blank) => vec![required("lines")],
            BlockKind::Signatures => {
                let lines = block.lines.iter().enumerate();
                lines
                    .filter_map(|(n, line)| too_long(Some(line), &format!("{at}/lines/{n}"), LONGEST_LABEL))
                    .collect()
            }
            BlockKind::Image => match &block.data {
                None => vec![required("data")],
                Some(data) => picture_fault(data, &format!("{at}/data")).into_iter().collect(),
            },
            BlockKind::Code => {
                let field = block.field.as_ref();
                field.and_then(|path| self.own(path, &format!("{at}/field"), is_said)).into_iter().collect()
            }
            BlockKind::Opinions
            | BlockKind::PageNumber
            | BlockKind::Line
            | BlockKind::Space
            | BlockKind::PageBreak => Faults::new(),
        }
    }

    fn rows(&self, block: &Block, at: &str) -> Faults {
        let Some(subform) = &block.subform else {
            return vec![Fault::new(format!("{at}/subform"), "required")];
        };
        if let Some(fault) = self.own(subform, &format!("{at}/subform"), is_subform) {
            return vec![fault];
        }
        if block.fields.is_empty() {
            return vec![Fault::new(format!("{at}/fields"), "required")];
        }
        let columns = block.fields.iter().enumerate();
        let mut faults: Faults = columns
            .filter_map(|(n, key)| {
                self.own(&format!("{subform}.{key}"), &format!("{at}/fields/{n}"), is_shown)
            })
            .collect();
        for (n, key) in block.totals.iter().enumerate() {
            let at = format!("{at}/totals/{n}");
            if !block.fields.contains(key) {
                faults.push(Fault::new(at, "unknown_field").arg("field", key));
                continue;
            }
            faults.extend(self.own(&format!("{subform}.{key}"), &at, adds_up));
        }
        faults
    }

    /// Why a name is not one for its place: a field of the record itself, a column of its rows, a system field.
    fn own(&self, path: &str, at: &str, fits: fn(&FieldKind) -> bool) -> Option<Fault> {
        if SYSTEM_FIELDS.contains(&path) {
            return None;
        }
        let unknown = || Fault::new(at, "unknown_field").arg("field", path);
        let Some(column) = self.form.column(path) else { return Some(unknown()) };
        if fits(&column.read_kind) {
            return None;
        }
        Some(Fault::new(at, "not_for_print").arg("field", path))
    }

    /// Every name of a text is that of a field which says something in one, as in the titles of records; every formula one
    /// over such fields and over rows.
    fn pattern(&self, text: &str, at: &str) -> Faults {
        let unknown = |path: &str| Fault::new(at, "unknown_field").arg("field", path);
        let misfit = |path: &str| Fault::new(at, "not_for_print").arg("field", path);
        let fault = |path: String| {
            if let Some(source) = pattern_formula(&path) {
                return computed::fault(source, self, at);
            }
            if PRINT_NAMES.contains(&path.as_str()) {
                return None;
            }
            match self.form.find(&path, self.catalogue) {
                Err(_) => Some(unknown(&path)),
                Ok((reach, _)) if reach.subform().is_some() || !(self.may_see)(&reach) => {
                    Some(unknown(&path))
                }
                Ok((_, kind)) if !is_said(&kind) => Some(misfit(&path)),
                // What a linked record links to is known by its id alone.
                Ok((reach, kind)) if !reach.hops.is_empty() && kind.reference().is_some() => {
                    Some(misfit(&path))
                }
                Ok((reach, _)) if reach.hops.len() > 1 => Some(misfit(&path)),
                Ok(_) => None,
            }
        };
        pattern_paths(text).into_iter().filter_map(fault).collect()
    }
}

fn is_subform(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Subform(_))
}

/// Whether it can stand in a cell.
fn is_shown(kind: &FieldKind) -> bool {
    kind.holds_data() && !is_subform(kind) && !matches!(kind, FieldKind::Query(_))
}

/// Whether it can stand in a line of text.
fn is_said(kind: &FieldKind) -> bool {
    is_shown(kind) && !matches!(kind, FieldKind::Images(_) | FieldKind::Signature(_))
}

fn too_long(label: Option<&Label>, at: &str, most: usize) -> Option<Fault> {
    let is_long = label?.texts().iter().any(|text| text.chars().count() > most);
    is_long.then(|| Fault::new(at, "too_long").arg("max", most))
}

fn too_large(number: Option<u32>, at: &str, most: u32) -> Option<Fault> {
    (number? > most).then(|| Fault::new(at, "too_large").arg("max", most))
}

/// A picture is the bytes of one, and no address.
fn picture_fault(data: &str, at: &str) -> Option<Fault> {
    if data.len() > LARGEST_PICTURE {
        return Some(Fault::new(at, "too_long").arg("max", LARGEST_PICTURE));
    }
    (!is_picture(data)).then(|| Fault::new(at, "no_picture"))
}

/// Whether a text is a picture of a kind that may stand in a template.
pub(super) fn is_picture(data: &str) -> bool {
    let Some((kind, bytes)) = data.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) else {
        return false;
    };
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    PICTURES.contains(&kind) && !bytes.is_empty() && bytes.bytes().all(is_base64)
}
