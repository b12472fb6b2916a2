//! The print template as a document.

use serde::{Deserialize, Serialize};

use crate::form::{Uses, pattern_formula, pattern_paths};
use crate::text::Label;

/// How a record of a form stands on paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrintTemplate {
    pub key: String,
    pub label: Label,
    #[serde(default)]
    pub paper: Paper,
    #[serde(default)]
    pub orientation: Orientation,
    #[serde(default)]
    pub margins: Margins,
    /// Whether it is the one that is offered first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_default: bool,
    /// From the top of the paper to its bottom.
    #[serde(default)]
    pub blocks: Vec<Block>,
}

impl PrintTemplate {
    /// Whether the template names the field.
    pub fn uses(&self, uses: &Uses<'_>) -> bool {
        self.blocks.iter().any(|block| {
            let subform = block.subform.as_deref();
            let inner = |key: &String| subform.map_or(key.clone(), |subform| format!("{subform}.{key}"));
            let named = block.fields.iter().chain(&block.totals).map(inner);
            let mut named = named.chain(block.field.clone()).chain(block.subform.clone());
            let texts = block.text.iter().flat_map(Label::texts);
            named.any(|path| uses.path(&path)) || texts.into_iter().any(|text| uses.pattern(text))
        })
    }

    /// The names in its texts that lead through a link, such as `customer.phone`.
    pub fn linked_paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = Vec::new();
        for text in self.blocks.iter().flat_map(|block| block.text.iter().flat_map(Label::texts)) {
            for path in pattern_paths(text) {
                // A formula reads the record's own fields alone.
                if path.contains('.') && pattern_formula(&path).is_none() && !paths.contains(&path) {
                    paths.push(path);
                }
            }
        }
        paths
    }

    /// Whether it shows what was decided in the approval.
    pub fn shows_opinions(&self) -> bool {
        self.blocks.iter().any(|block| block.kind == BlockKind::Opinions)
    }
}

/// Names in documents of variants, and the way back.
macro_rules! named {
    ($type:ident { $($variant:ident = $name:literal,)* }) => {
        impl $type {
            pub const ALL: &'static [$type] = &[$($type::$variant,)*];

            /// The name in documents.
            pub fn name(self) -> &'static str {
                match self { $($type::$variant => $name,)* }
            }

            pub fn from_name(name: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

/// What is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    #[default]
    A4,
    A5,
    Letter,
    /// A roll of 80 mm, as tills have it.
    Roll80,
    /// A roll of 58 mm.
    Roll58,
}

named!(Paper { A4 = "a4", A5 = "a5", Letter = "letter", Roll80 = "roll80", Roll58 = "roll58", });

/// Which way up the paper is. A roll is always upright.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    #[default]
    Portrait,
    Landscape,
}

named!(Orientation { Portrait = "portrait", Landscape = "landscape", });

/// What stays free at the edges, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Margins {
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
    pub left: u32,
}

impl Default for Margins {
    fn default() -> Margins {
        Margins { top: 15, right: 15, bottom: 15, left: 15 }
    }
}

/// A part of a template. Each kind takes what is its own of the other members.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Block {
    pub kind: BlockKind,
    /// What is written, with names of fields and formulas (`{= qty * price}`) in braces; above opinions and rows their heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Label>,
    #[serde(skip_serializing_if = "is_default")]
    pub align: Align,
    #[serde(skip_serializing_if = "is_default")]
    pub size: TextSize,
    #[serde(skip_serializing_if = "is_default")]
    pub bold: bool,
    /// The fields of a table of fields; of rows the keys of the columns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// How many fields stand beside each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<u32>,
    /// Whether fields that hold nothing are left out.
    #[serde(skip_serializing_if = "is_default")]
    pub hide_empty: bool,
    /// The sub-form whose rows are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subform: Option<String>,
    /// The columns that are added up, by their keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<String>,
    /// Whether rows are numbered.
    #[serde(skip_serializing_if = "is_default")]
    pub numbered: bool,
    /// Who signs by hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Label>,
    /// A picture as `data:image/png;base64,…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// What a code says: a field; the address of the record without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub symbol: CodeSymbol,
    /// How wide a picture or a code is, in millimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// How much is left free, in millimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a block is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    Heading,
    #[default]
    Text,
    Fields,
    Rows,
    Opinions,
    Signatures,
    Image,
    Code,
    PageNumber,
    Line,
    Space,
    PageBreak,
}

named!(BlockKind {
    Heading = "heading",
    Text = "text",
    Fields = "fields",
    Rows = "rows",
    Opinions = "opinions",
    Signatures = "signatures",
    Image = "image",
    Code = "code",
    PageNumber = "page_number",
    Line = "line",
    Space = "space",
    PageBreak = "page_break",
});

/// Where a block stands on its line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    #[default]
    Start,
    Center,
    End,
}

named!(Align { Start = "start", Center = "center", End = "end", });

/// How large a text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    Small,
    #[default]
    Normal,
    Large,
}

named!(TextSize { Small = "small", Normal = "normal", Large = "large", });

/// How a code is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodeSymbol {
    #[default]
    Qr,
    /// Code 128, for letters, digits and signs of ASCII.
    Code128,
}

named!(CodeSymbol { Qr = "qr", Code128 = "code128", });
