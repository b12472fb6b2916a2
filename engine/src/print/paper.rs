//! The style sheets of a print-out: the page, and what stands on it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::document::{BlockKind, CodeSymbol, Orientation, Paper, PrintTemplate};
use crate::text::{Language, Texts};

/// Millimetres of a picture, a code, a space where a template does not say.
const PICTURE: u32 = 40;
const QR: u32 = 25;
const CODE128: u32 = 60;
const SPACE: u32 = 5;

/// What every print-out has. Nothing is named from elsewhere: the fonts are those of the device.
const BASE: &str = "\
.prints{color:#000;background:#fff;font:10.5pt/1.45 system-ui,'Noto Sans','Noto Sans CJK SC','PingFang SC','PingFang TC',\
'Microsoft YaHei','Microsoft JhengHei',sans-serif;-webkit-print-color-adjust:exact;print-color-adjust:exact}\
.prints *{box-sizing:border-box;margin:0;padding:0}\
.sheet+.sheet{break-before:page}\
.sheet>*+*{margin-top:3mm!important}\
.prints h1{font-size:16pt;line-height:1.25;break-after:avoid}\
.prints h1.small{font-size:13pt}.prints h1.large{font-size:20pt}\
.prints h2{font-size:11.5pt;break-after:avoid}\
.prints p,.prints td,.prints th{white-space:pre-line;overflow-wrap:anywhere}\
.prints p.small{font-size:8.5pt}.prints p.large{font-size:13pt}.prints .bold{font-weight:700}\
.prints .start{text-align:start}.prints .center{text-align:center}.prints .end{text-align:end}\
.prints table{width:100%;border-collapse:collapse}\
.prints th,.prints td{border:.3mm solid #999;padding:1mm 1.6mm;text-align:start;vertical-align:top}\
.prints th{font-weight:600;background:#f2f2f2}\
.prints tr{break-inside:avoid}.prints thead{display:table-header-group}\
.prints .fields{table-layout:fixed}\
.prints .rows .n{text-align:end;font-variant-numeric:tabular-nums}\
.prints .rows .no,.prints .opinions .at{white-space:nowrap;width:1%}\
.prints .totals td{font-weight:700}\
.prints img{max-width:100%;height:auto;vertical-align:top}\
.prints .pic{max-width:40mm;max-height:40mm}\
.prints .signs{display:flex;flex-wrap:wrap;gap:4mm 10mm;padding-top:8mm;break-inside:avoid}\
.prints .signs div{display:flex;flex:1 1 30mm;gap:2mm;align-items:flex-end}\
.prints .signs span{white-space:nowrap}\
.prints .signs i{flex:1;min-width:15mm;height:8mm;border-bottom:.3mm solid #000}\
.prints hr{border:0;border-top:.3mm solid #000}\
.prints .break{break-after:page}\
.prints svg{display:inline-block;max-width:100%}\
.prints .page-number{color:#666;font-size:8.5pt}\
@media print{.prints .page-number{display:none}}\
";

impl Paper {
    /// Millimetres across and down, upright. A roll is cut after each record: a page of it is as long as a long receipt.
    pub fn size(self) -> (u32, u32) {
        match self {
            Paper::A4 => (210, 297),
            Paper::A5 => (148, 210),
            Paper::Letter => (216, 279),
            Paper::Roll80 => (80, 297),
            Paper::Roll58 => (58, 297),
        }
    }
}

impl PrintTemplate {
    /// Millimetres across and down, as the paper lies.
    pub fn size(&self) -> (u32, u32) {
        let (across, down) = self.paper.size();
        let is_roll = matches!(self.paper, Paper::Roll80 | Paper::Roll58);
        if self.orientation == Orientation::Landscape && !is_roll { (down, across) } else { (across, down) }
    }
}

/// The number of a page among how many, in words.
pub(super) fn page_words(language: Language, page: &str, pages: &str) -> String {
    let args = [("page", page), ("pages", pages)].map(|(name, text)| (name.to_string(), text.to_string()));
    Texts::of(language).get("print-page", &BTreeMap::from(args)).unwrap_or_default()
}

/// The size and the edges of the pages, and their numbers where the template has them.
pub(super) fn page_style(template: &PrintTemplate, language: Language) -> String {
    let ((across, down), margins) = (template.size(), template.margins);
    let (top, right, bottom, left) = (margins.top, margins.right, margins.bottom, margins.left);
    let mut style = format!("@page{{size:{across}mm {down}mm;margin:{top}mm {right}mm {bottom}mm {left}mm;");
    let numbered = template.blocks.iter().find(|block| block.kind == BlockKind::PageNumber);
    if let Some(block) = numbered {
        let place = match block.align.name() {
            "start" => "left",
            "end" => "right",
            _ => "center",
        };
        // Between two signs that no text has: they become the counters.
        let words = page_words(language, "\u{1}", "\u{2}");
        let quoted = words.replace(['"', '\\'], "");
        let counted = quoted.replace('\u{1}', "\" counter(page) \"").replace('\u{2}', "\" counter(pages) \"");
        let _ = write!(
            style,
            "@bottom-{place}{{content:\"{counted}\";font:8pt system-ui,sans-serif;color:#666}}"
        );
    }
    style.push('}');
    style
}

/// What stands on the pages; on a screen each record is a sheet of its own.
pub(super) fn style(template: &PrintTemplate) -> String {
    let mut style = BASE.to_string();
    let ((across, _), margins) = (template.size(), template.margins);
    let (top, right, bottom, left) = (margins.top, margins.right, margins.bottom, margins.left);
    let _ = write!(
        style,
        "@media screen{{.prints{{background:#e8e8e8}}\
         .sheet{{width:{across}mm;max-width:100%;margin:0 auto 6mm;background:#fff;\
         padding:{top}mm {right}mm {bottom}mm {left}mm}}}}"
    );
    if matches!(template.paper, Paper::Roll80 | Paper::Roll58) {
        style.push_str(".prints{font-size:8.5pt}.prints h1{font-size:12pt}");
    }
    for columns in 1..=4_u32 {
        // A name takes a third of what its field has.
        let (label, value) = (33 / columns, 67 / columns);
        let _ = write!(
            style,
            ".prints .beside{columns} th{{width:{label}%}}.prints .beside{columns} td{{width:{value}%}}"
        );
    }
    for (place, block) in template.blocks.iter().enumerate() {
        let class = format!(".prints .b{place}");
        let _ = match (block.kind, block.symbol) {
            (BlockKind::Image, _) => {
                write!(style, "{class} img{{width:{}mm}}", block.width.unwrap_or(PICTURE))
            }
            (BlockKind::Code, CodeSymbol::Qr) => {
                write!(style, "{class} svg{{width:{}mm}}", block.width.unwrap_or(QR))
            }
            (BlockKind::Code, CodeSymbol::Code128) => {
                write!(style, "{class} svg{{width:{}mm;height:15mm}}", block.width.unwrap_or(CODE128))
            }
            (BlockKind::Space, _) => write!(style, "{class}{{height:{}mm}}", block.height.unwrap_or(SPACE)),
            _ => Ok(()),
        };
    }
    style
}
