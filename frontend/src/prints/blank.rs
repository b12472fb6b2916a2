//! What a template and its blocks begin with.

use engine::field::FieldKind;
use engine::form::{Column, Form};
use engine::print::{Align, Block, BlockKind, PrintTemplate, TextSize};
use engine::text::Label;

use crate::text;

/// Fields that a new template shows at most.
const FIELDS: usize = 12;

/// A template that shows the record with its rows.
pub fn template(form: &Form) -> PrintTemplate {
    let mut blocks = vec![
        Block {
            kind: BlockKind::Heading,
            text: Some(Label::from("{$title}")),
            size: TextSize::Large,
            ..Block::default()
        },
        block_of(BlockKind::Fields, form),
    ];
    let subforms = form.fields().filter(|column| is_subform(column));
    blocks.extend(subforms.filter_map(|column| rows_of(form, column)));
    blocks.push(Block { kind: BlockKind::PageNumber, align: Align::Center, ..Block::default() });
    PrintTemplate {
        key: String::new(),
        label: Label::from(text!("prints-new-name").as_str()),
        paper: Default::default(),
        orientation: Default::default(),
        margins: Default::default(),
        is_default: false,
        blocks,
    }
}

pub fn is_subform(column: &Column) -> bool {
    matches!(column.field.kind, FieldKind::Subform(_))
}

fn rows_of(form: &Form, subform: &Column) -> Option<Block> {
    let fields: Vec<String> = form.columns_of(&subform.path).map(|column| column.field.key.clone()).collect();
    (!fields.is_empty()).then(|| Block {
        kind: BlockKind::Rows,
        subform: Some(subform.path.clone()),
        fields,
        numbered: true,
        ..Block::default()
    })
}

/// A block of a kind, with what it needs to show something.
pub fn block_of(kind: BlockKind, form: &Form) -> Block {
    let block = Block { kind, ..Block::default() };
    match kind {
        BlockKind::Heading => Block { text: Some(Label::from("{$title}")), ..block },
        BlockKind::Text => Block { text: Some(Label::from(text!("prints-new-text").as_str())), ..block },
        BlockKind::Fields => {
            let fields = form.fields().filter(|column| column.field.kind.holds_data() && !is_subform(column));
            Block { fields: fields.take(FIELDS).map(|column| column.path.clone()).collect(), ..block }
        }
        BlockKind::Rows => {
            let subform = form.fields().find(|column| is_subform(column));
            subform.and_then(|subform| rows_of(form, subform)).unwrap_or(block)
        }
        BlockKind::Signatures => {
            Block { lines: vec![Label::from(text!("prints-new-signature").as_str())], ..block }
        }
        BlockKind::Opinions
        | BlockKind::Image
        | BlockKind::Code
        | BlockKind::PageNumber
        | BlockKind::Line
        | BlockKind::Space
        | BlockKind::PageBreak => block,
    }
}
