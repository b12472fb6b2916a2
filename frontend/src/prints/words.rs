//! What the parts of a template are called.

use engine::form::{Form, SYSTEM_FIELDS, system_label};
use engine::print::{Block, BlockKind, PRINT_NAMES};
use engine::text::Language;

use super::blank::is_subform;
use crate::i18n;
use crate::ui::Choice;

/// What a kind of block is called; tracked.
pub fn kind_name(kind: BlockKind) -> String {
    i18n::lookup(&format!("prints-block-{}", kind.name().replace('_', "-")), &[])
}

/// The icon of a kind of block.
pub fn kind_icon(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Heading | BlockKind::Text => "text",
        BlockKind::Fields => "columns",
        BlockKind::Rows => "table",
        BlockKind::Opinions => "inbox",
        BlockKind::Signatures => "signature",
        BlockKind::Image => "image",
        BlockKind::Code => "scan",
        BlockKind::PageNumber => "file",
        BlockKind::Line | BlockKind::Space | BlockKind::PageBreak => "section",
    }
}

/// What a block shows, in a few words; tracked.
pub fn summary(block: &Block, form: &Form) -> String {
    let language = i18n::language();
    let label = |path: &str| {
        form.column(path).map(|column| column.field.label.get(language).to_string()).unwrap_or_default()
    };
    match block.kind {
        BlockKind::Fields => i18n::listed(block.fields.iter().map(|path| field_name(form, path, language))),
        BlockKind::Rows => block.subform.as_deref().map(label).unwrap_or_default(),
        BlockKind::Signatures => i18n::listed(block.lines.iter().map(|line| line.get(language))),
        BlockKind::Code => block.field.as_deref().map(label).unwrap_or_default(),
        _ => block.text.as_ref().map(|text| named(text.get(language), form, language)).unwrap_or_default(),
    }
}

/// A text with what it names called as people call it: `{$title}` stands there as `{Title}`.
fn named(text: &str, form: &Form, language: Language) -> String {
    let known = names(form, language).into_iter();
    known.fold(text.to_string(), |text, name| {
        text.replace(&format!("{{{}}}", name.key), &format!("{{{}}}", name.label))
    })
}

/// What a field is called, one of the system's too.
pub fn field_name(form: &Form, path: &str, language: Language) -> String {
    if SYSTEM_FIELDS.contains(&path) {
        return system_label(path, language);
    }
    let column = form.column(path);
    column.map_or_else(|| path.to_string(), |column| column.field.label.get(language).to_string())
}

/// The record's own fields, and those of the system.
pub fn fields(form: &Form, language: Language) -> Vec<Choice> {
    let own = form.fields().filter(|column| column.field.kind.holds_data() && !is_subform(column));
    let own = own.map(|column| Choice::new(&column.path, column.field.label.get(language)));
    let system = SYSTEM_FIELDS.iter().map(|name| Choice::new(*name, system_label(name, language)));
    own.chain(system).collect()
}

/// What a text may name: fields, and what every print-out knows.
pub fn names(form: &Form, language: Language) -> Vec<Choice> {
    let own = PRINT_NAMES.iter().map(|name| {
        let key = format!("prints-name-{}", name.trim_start_matches('$').replace('_', "-"));
        Choice::new(*name, i18n::in_language(language, &key, &[]))
    });
    own.chain(fields(form, language)).collect()
}

/// The sub-forms.
pub fn subforms(form: &Form, language: Language) -> Vec<Choice> {
    let subforms = form.fields().filter(|column| is_subform(column));
    subforms.map(|column| Choice::new(&column.path, column.field.label.get(language))).collect()
}

/// The columns of a sub-form by their keys.
pub fn columns(form: &Form, subform: &str, language: Language) -> Vec<Choice> {
    let columns = form.columns_of(subform).filter(|column| column.field.kind.holds_data());
    columns.map(|column| Choice::new(&column.field.key, column.field.label.get(language))).collect()
}
