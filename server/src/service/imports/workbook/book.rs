//! What a workbook says beside its sheets: which there are, how its cells are formatted, the texts that they share.

use engine::import::{DateSystem, NumberFormat};

use super::fault::{BookFault, Size};
use super::package::{Package, Part};
use super::xml::Token;

const MOST_SHEETS: usize = 256;
/// Formats of cells.
const MOST_FORMATS: usize = 64_000;
/// Texts that cells share, and what all of them may take.
const MOST_TEXTS: u64 = 20_000_000;
const TEXT_BYTES: usize = 320 << 20;

/// A sheet that people can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    pub part: String,
}

/// A workbook without what stands in its sheets.
pub struct Book {
    pub sheets: Vec<Sheet>,
    pub system: DateSystem,
    /// What the formats of cells make of numbers, by their place in the list of formats.
    pub formats: Vec<NumberFormat>,
    pub texts: Vec<Box<str>>,
}

impl Book {
    pub fn read(package: &mut Package) -> Result<Book, BookFault> {
        let place = place_of_book(package)?;
        let links = links(package, &place)?;
        let target = |kind: &str| links.iter().find(|link| link.is(kind)).map(|link| link.target.clone());
        let (sheets, system) = sheets(package, &place, &links)?;
        let formats = match target("/styles").filter(|part| package.has(part)) {
            Some(part) => formats(package, &part)?,
            None => Vec::new(),
        };
        let texts = match target("/sharedStrings").filter(|part| package.has(part)) {
            Some(part) => texts(package, &part)?,
            None => Vec::new(),
        };
        Ok(Book { sheets, system, formats, texts })
    }
}

/// A part that another one names.
struct Link {
    id: String,
    kind: String,
    target: String,
}

impl Link {
    /// Both generations of the format end their kinds alike.
    fn is(&self, kind: &str) -> bool {
        self.kind.ends_with(kind)
    }
}

/// Goes through a part, tag by tag.
fn each_tag(
    part: &mut Part<'_>,
    name: &str,
    mut seen: impl FnMut(&mut Part<'_>) -> Result<(), BookFault>,
) -> Result<(), BookFault> {
    loop {
        match part.read().map_err(|fault| BookFault::of_xml(fault, name))? {
            Token::Open => seen(part)?,
            Token::Close | Token::Text => {}
            Token::End => return Ok(()),
        }
    }
}

fn place_of_book(package: &mut Package) -> Result<String, BookFault> {
    let usual = "xl/workbook.xml";
    if !package.has("_rels/.rels") {
        return if package.has(usual) { Ok(usual.to_string()) } else { Err(BookFault::NotAWorkbook) };
    }
    let links = links(package, "")?;
    let book = links.into_iter().find(|link| link.is("/officeDocument")).map(|link| link.target);
    book.filter(|part| package.has(part)).ok_or(BookFault::NotAWorkbook)
}

/// What a part names, with whole places. Nothing outside of the file is followed.
fn links(package: &mut Package, of: &str) -> Result<Vec<Link>, BookFault> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let name =
        if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
    let mut links = Vec::new();
    if !package.has(&name) {
        return Ok(links);
    }
    let mut part = package.part(&name)?;
    each_tag(&mut part, &name, |part| {
        let text = |name: &str| part.attribute(name).unwrap_or_default().to_string();
        if part.name == "Relationship" && text("TargetMode") != "External" && links.len() < 4 * MOST_SHEETS {
            links.push(Link { id: text("Id"), kind: text("Type"), target: placed(folder, &text("Target")) });
        }
        Ok(())
    })?;
    Ok(links)
}

/// A place that is named from a folder.
fn placed(folder: &str, target: &str) -> String {
    let from = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in from.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn sheets(package: &mut Package, place: &str, links: &[Link]) -> Result<(Vec<Sheet>, DateSystem), BookFault> {
    let mut sheets = Vec::new();
    let mut system = DateSystem::From1900;
    let mut part = package.part(place)?;
    each_tag(&mut part, place, |part| {
        match part.name.as_str() {
            "workbookPr" if matches!(part.attribute("date1904"), Some("1" | "true")) => {
                system = DateSystem::From1904;
            }
            "sheet" if part.attribute("state").is_none_or(|state| state == "visible") => {
                let id = part.attribute("id").unwrap_or_default();
                let link = links.iter().find(|link| link.id == id && link.is("/worksheet"));
                if let (Some(name), Some(link)) = (part.attribute("name"), link) {
                    sheets.push(Sheet { name: name.to_string(), part: link.target.clone() });
                }
            }
            _ => {}
        }
        if sheets.len() > MOST_SHEETS {
            return Err(BookFault::too_large(Size::Sheets, MOST_SHEETS as u64));
        }
        Ok(())
    })?;
    drop(part);
    sheets.retain(|sheet| package.has(&sheet.part));
    if sheets.is_empty() { Err(BookFault::NotAWorkbook) } else { Ok((sheets, system)) }
}

fn formats(package: &mut Package, name: &str) -> Result<Vec<NumberFormat>, BookFault> {
    let mut own: Vec<(u32, NumberFormat)> = Vec::new();
    let mut formats = Vec::new();
    let mut in_cells = false;
    let mut part = package.part(name)?;
    each_tag(&mut part, name, |part| {
        let number = |name: &str| part.attribute(name).and_then(|number| number.parse::<u32>().ok());
        match part.name.as_str() {
            "numFmt" => {
                let code = part.attribute("formatCode").unwrap_or_default();
                own.extend(number("numFmtId").map(|id| (id, NumberFormat::of_code(code))));
            }
            "cellXfs" => in_cells = true,
            "cellStyleXfs" | "cellStyles" | "dxfs" => in_cells = false,
            "xf" if in_cells => {
                let id = number("numFmtId").unwrap_or_default();
                // A workbook may give a known number a meaning of its own.
                let known = own.iter().rev().find(|(known, _)| *known == id).map(|(_, format)| *format);
                formats.push(known.or_else(|| NumberFormat::built_in(id)).unwrap_or_default());
            }
            _ => {}
        }
        if formats.len() > MOST_FORMATS || own.len() > MOST_FORMATS {
            return Err(BookFault::Damaged { part: name.to_string() });
        }
        Ok(())
    })?;
    Ok(formats)
}

/// The texts that cells share. How many there are is counted; what the part says of it is only held against the limit.
fn texts(package: &mut Package, name: &str) -> Result<Vec<Box<str>>, BookFault> {
    let too_many = || BookFault::too_large(Size::Texts, MOST_TEXTS);
    let mut texts: Vec<Box<str>> = Vec::new();
    let mut bytes = 0;
    let mut part = package.part(name)?;
    each_tag(&mut part, name, |part| {
        match part.name.as_str() {
            "sst" => {
                let said = |name: &str| part.attribute(name).and_then(|count| count.parse::<u64>().ok());
                if [said("count"), said("uniqueCount")].into_iter().flatten().any(|count| count > MOST_TEXTS)
                {
                    return Err(too_many());
                }
            }
            "si" => {
                let text = rich_text(part, name)?;
                bytes += text.len() + size_of::<Box<str>>();
                if bytes > TEXT_BYTES {
                    return Err(too_many());
                }
                texts.push(text.into_boxed_str());
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(texts)
}

/// The text in the tag that was opened last: its runs one after another, without how they are read aloud.
pub fn rich_text(part: &mut Part<'_>, name: &str) -> Result<String, BookFault> {
    let fault = |fault| BookFault::of_xml(fault, name);
    let mut text = String::new();
    let mut depth = 1;
    while depth > 0 {
        match part.read().map_err(fault)? {
            Token::Open if part.name == "t" => {
                let run = part.inner_text().map_err(fault)?;
                text.push_str(&run);
            }
            Token::Open if part.name == "rPh" => part.skip().map_err(fault)?,
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
            Token::Text => {}
            Token::End => return Err(BookFault::Damaged { part: name.to_string() }),
        }
        if text.len() > 4 * super::LONGEST_CELL {
            return Err(BookFault::CellTooLong { cell: name.to_string(), most: super::LONGEST_CELL as u64 });
        }
    }
    Ok(unescaped(&text))
}

/// Characters that XML does not know stand as `_x000D_`.
pub fn unescaped(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_string();
    }
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_x") {
        found.push_str(before);
        let escape = after.get(..5).and_then(|escape| escape.strip_suffix('_'));
        let sign = escape.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        match sign {
            Some(sign) => {
                found.push(sign);
                rest = after.get(5..).unwrap_or_default();
            }
            None => {
                found.push_str("_x");
                rest = after;
            }
        }
    }
    found.push_str(rest);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_from_their_folder() {
        assert_eq!(placed("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(placed("xl/worksheets", "../media/a.png"), "xl/media/a.png");
        assert_eq!(placed("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(placed("", "../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn signs_that_xml_does_not_know_are_written_by_their_numbers() {
        for (text, read) in
            [("a_x000D_b", "a\rb"), ("_x005F_x000D_", "_x000D_"), ("_x12", "_x12"), ("_xyz1_", "_xyz1_")]
        {
            assert_eq!(unescaped(text), read);
        }
    }
}
