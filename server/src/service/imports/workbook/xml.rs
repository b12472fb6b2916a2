//! The parts of a workbook, read piece by piece: tags with their attributes, and text.
//!
//! Only what such parts are made of is understood. A document type, and with it every entity that a file would define
//! itself, is refused where it begins; no name, attribute or text grows beyond its limit, whatever the file holds.

use std::io::{self, BufRead};

/// Bytes of a tag, with all its attributes.
const LONGEST_TAG: usize = 64 << 10;
/// Bytes of one piece of text.
const LONGEST_TEXT: usize = 256 << 10;
const DEEPEST: usize = 64;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// A tag that opens; the name and the attributes are in the reader.
    Open,
    /// A tag that closes; of one without content it comes right after [`Token::Open`].
    Close,
    /// Text, in the reader.
    Text,
    End,
}

/// Why a part can't be read on.
#[derive(Debug)]
pub enum XmlFault {
    /// It is no XML as it should be, or stops in the middle.
    Broken,
    /// It has a document type, or an entity of its own.
    Entity,
    /// A text is longer than any cell's.
    TooLong,
    Io(io::Error),
}

impl From<io::Error> for XmlFault {
    fn from(error: io::Error) -> XmlFault {
        XmlFault::Io(error)
    }
}

/// A part that is being read.
pub struct Xml<R> {
    source: R,
    /// The name of the tag that was read last, without the letters of its namespace.
    pub name: String,
    /// What the last text says.
    pub text: String,
    attributes: Vec<(String, String)>,
    raw: Vec<u8>,
    /// The next token is the end of a tag without content.
    closes: bool,
    depth: usize,
    has_begun: bool,
}

impl<R: BufRead> Xml<R> {
    pub fn new(source: R) -> Xml<R> {
        Xml {
            source,
            name: String::new(),
            text: String::new(),
            attributes: Vec::new(),
            raw: Vec::new(),
            closes: false,
            depth: 0,
            has_begun: false,
        }
    }

    /// The value of an attribute of the tag that was opened last, by its name with or without a namespace: `id` is also
    /// `r:id`, where there is no plain `id`.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let plain = self.attributes.iter().find(|(known, _)| known == name);
        let prefixed = || self.attributes.iter().find(|(known, _)| known.rsplit(':').next() == Some(name));
        plain.or_else(prefixed).map(|(_, value)| value.as_str())
    }

    /// Reads the next token.
    pub fn read(&mut self) -> Result<Token, XmlFault> {
        if self.closes {
            self.closes = false;
            self.depth -= 1;
            return Ok(Token::Close);
        }
        if !self.has_begun {
            self.skip_mark()?;
            self.has_begun = true;
        }
        loop {
            let Some(first) = self.peek()? else {
                return if self.depth == 0 { Ok(Token::End) } else { Err(XmlFault::Broken) };
            };
            if first != b'<' {
                self.raw.clear();
                self.until(b'<', LONGEST_TEXT)?;
                if self.depth == 0 {
                    // Blanks around the part.
                    continue;
                }
                self.text = decoded(&self.raw)?;
                return Ok(Token::Text);
            }
            self.source.consume(1);
            match self.peek()?.ok_or(XmlFault::Broken)? {
                b'?' => self.skip_to(b"?>")?,
                b'!' => {
                    if self.special()? {
                        return Ok(Token::Text);
                    }
                }
                _ => return self.tag(),
            }
        }
    }

    /// Passes over everything within the tag that was opened last, and its end.
    pub fn skip(&mut self) -> Result<(), XmlFault> {
        let depth = self.depth;
        while self.read()? != Token::Close || self.depth >= depth {}
        Ok(())
    }

    /// All text within the tag that was opened last, up to its end; that of tags in it too.
    pub fn inner_text(&mut self) -> Result<String, XmlFault> {
        let depth = self.depth;
        let mut text = String::new();
        loop {
            match self.read()? {
                Token::Text if text.len() + self.text.len() > LONGEST_TEXT => return Err(XmlFault::TooLong),
                Token::Text => text.push_str(&self.text),
                Token::Close if self.depth < depth => return Ok(text),
                Token::Open | Token::Close => {}
                Token::End => return Err(XmlFault::Broken),
            }
        }
    }

    /// The mark that says UTF-8. Parts in other encodings are no text here, and are refused as such.
    fn skip_mark(&mut self) -> Result<(), XmlFault> {
        const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
        for (place, byte) in MARK.into_iter().enumerate() {
            match self.peek()? {
                Some(first) if first == byte => self.source.consume(1),
                _ if place == 0 => return Ok(()),
                _ => return Err(XmlFault::Broken),
            }
        }
        Ok(())
    }

    fn peek(&mut self) -> Result<Option<u8>, XmlFault> {
        Ok(self.source.fill_buf()?.first().copied())
    }

    /// Puts what comes before `end` into `raw`; the end itself stays where it is.
    fn until(&mut self, end: u8, most: usize) -> Result<(), XmlFault> {
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let found = buffer.iter().position(|byte| *byte == end);
            let piece = buffer.get(..found.unwrap_or(buffer.len())).unwrap_or_default();
            if self.raw.len() + piece.len() > most {
                return Err(XmlFault::TooLong);
            }
            self.raw.extend_from_slice(piece);
            let length = piece.len();
            self.source.consume(length);
            if found.is_some() {
                return Ok(());
            }
        }
    }

    fn tag(&mut self) -> Result<Token, XmlFault> {
        self.raw.clear();
        let (mut open, mut seen) = (None, 0);
        loop {
            self.until(b'>', LONGEST_TAG).map_err(|fault| match fault {
                XmlFault::TooLong => XmlFault::Broken,
                other => other,
            })?;
            if self.peek()?.is_none() {
                return Err(XmlFault::Broken);
            }
            self.source.consume(1);
            open = quote_after(open, self.raw.get(seen..).unwrap_or_default());
            if open.is_none() {
                break;
            }
            // A `>` within an attribute ends nothing.
            self.raw.push(b'>');
            seen = self.raw.len();
        }
        let raw = std::mem::take(&mut self.raw);
        let token = self.tag_of(&raw);
        self.raw = raw;
        token
    }

    fn tag_of(&mut self, raw: &[u8]) -> Result<Token, XmlFault> {
        let text = std::str::from_utf8(raw).map_err(|_| XmlFault::Broken)?;
        if let Some(name) = text.strip_prefix('/') {
            self.depth = self.depth.checked_sub(1).ok_or(XmlFault::Broken)?;
            set_name(&mut self.name, name.trim_end());
            return Ok(Token::Close);
        }
        let (text, is_empty) = match text.strip_suffix('/') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (name, attributes) =
            text.split_once(|sign: char| sign.is_ascii_whitespace()).unwrap_or((text, ""));
        if name.is_empty() {
            return Err(XmlFault::Broken);
        }
        set_name(&mut self.name, name);
        self.attributes.clear();
        let mut rest = attributes.trim();
        while !rest.is_empty() {
            let (attribute, after) = rest.split_once('=').ok_or(XmlFault::Broken)?;
            let after = after.trim_start();
            let quote =
                after.chars().next().filter(|sign| matches!(sign, '"' | '\'')).ok_or(XmlFault::Broken)?;
            let (value, after) =
                after.get(1..).and_then(|after| after.split_once(quote)).ok_or(XmlFault::Broken)?;
            self.attributes.push((attribute.trim().to_string(), decoded(value.as_bytes())?));
            rest = after.trim_start();
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(XmlFault::Broken);
        }
        self.closes = is_empty;
        Ok(Token::Open)
    }

    /// What begins with `<!`: a comment is passed over, text that is meant literally is read, and a document type is the end
    /// of it. Whether there is text now.
    fn special(&mut self) -> Result<bool, XmlFault> {
        self.source.consume(1);
        self.raw.clear();
        for wanted in [&b"--"[..], b"[CDATA["] {
            if self.peek()? == wanted.first().copied() {
                for byte in wanted {
                    if self.peek()? != Some(*byte) {
                        return Err(XmlFault::Broken);
                    }
                    self.source.consume(1);
                }
                if wanted == b"--" {
                    self.skip_to(b"-->")?;
                    return Ok(false);
                }
                self.literal()?;
                return Ok(true);
            }
        }
        Err(XmlFault::Entity)
    }

    /// Text up to `]]>`, as it stands.
    fn literal(&mut self) -> Result<(), XmlFault> {
        loop {
            self.until(b'>', LONGEST_TEXT)?;
            if self.peek()?.is_none() {
                return Err(XmlFault::Broken);
            }
            self.source.consume(1);
            if let Some(text) = self.raw.strip_suffix(b"]]") {
                self.text = String::from_utf8(text.to_vec()).map_err(|_| XmlFault::Broken)?;
                return Ok(());
            }
            self.raw.push(b'>');
        }
    }

    fn skip_to(&mut self, end: &[u8]) -> Result<(), XmlFault> {
        let mut seen = 0;
        while seen < end.len() {
            let byte = self.peek()?.ok_or(XmlFault::Broken)?;
            self.source.consume(1);
            seen = if end.get(seen) == Some(&byte) {
                seen + 1
            } else if byte == b'-' && seen == 2 && end.first() == Some(&b'-') {
                // `--->` ends a comment too.
                2
            } else {
                usize::from(end.first() == Some(&byte))
            };
        }
        Ok(())
    }
}

fn set_name(into: &mut String, name: &str) {
    into.clear();
    into.push_str(name.rsplit(':').next().unwrap_or(name));
}

/// The quote that is still open after a piece of a tag, where `open` was before it.
fn quote_after(mut open: Option<u8>, piece: &[u8]) -> Option<u8> {
    for byte in piece {
        match (open, byte) {
            (None, b'"' | b'\'') => open = Some(*byte),
            (Some(quote), byte) if quote == *byte => open = None,
            _ => {}
        }
    }
    open
}

/// Text with the five entities that every file has, and with characters by their numbers.
fn decoded(raw: &[u8]) -> Result<String, XmlFault> {
    let text = std::str::from_utf8(raw).map_err(|_| XmlFault::Broken)?;
    if !text.contains('&') {
        return Ok(text.to_string());
    }
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        let (entity, after) = after.split_once(';').ok_or(XmlFault::Broken)?;
        found.push_str(before);
        found.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => numbered(entity)?,
        });
        rest = after;
    }
    found.push_str(rest);
    Ok(found)
}

fn numbered(entity: &str) -> Result<char, XmlFault> {
    let number = entity.strip_prefix('#').ok_or(XmlFault::Entity)?;
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    number.ok().and_then(char::from_u32).ok_or(XmlFault::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a text, token by token.
    fn told(text: &str) -> Result<Vec<String>, XmlFault> {
        // Small pieces, so that tokens are cut everywhere.
        let mut xml = Xml::new(io::BufReader::with_capacity(3, text.as_bytes()));
        let mut tokens = Vec::new();
        loop {
            tokens.push(match xml.read()? {
                Token::Open => format!("<{} {:?}", xml.name, xml.attribute("a")),
                Token::Close => ">".to_string(),
                Token::Text => xml.text.clone(),
                Token::End => return Ok(tokens),
            });
        }
    }

    #[test]
    fn tags_text_and_entities_are_read() {
        let tokens = told(
            "\u{feff}<?xml version=\"1.0\"?><!-- a > b ---><x:r a='1 > \"0\"'>1 &lt; &#x32;&#51;<c/><![CDATA[<&]]]]></x:r >\n",
        );
        assert_eq!(tokens.unwrap(), ["<r Some(\"1 > \\\"0\\\"\")", "1 < 23", "<c None", ">", "<&]]", ">"]);
        let mut xml = Xml::new("<a><b>one<c>two</c></b><d><e/><e/></d><f r:id=\"7\"/></a>".as_bytes());
        assert_eq!(xml.read().unwrap(), Token::Open);
        assert_eq!(xml.read().unwrap(), Token::Open);
        assert_eq!(xml.inner_text().unwrap(), "onetwo");
        assert_eq!((xml.read().unwrap(), xml.name.as_str()), (Token::Open, "d"));
        xml.skip().unwrap();
        assert_eq!((xml.read().unwrap(), xml.name.as_str()), (Token::Open, "f"));
        assert_eq!(xml.attribute("id"), Some("7"));
    }

    #[test]
    fn t39_what_is_broken_or_dangerous_is_refused() {
        for text in [
            "<a>",
            "<a",
            "<a b></a>",
            "<a b='1></a>",
            "</a>",
            "<a>&amp</a>",
            "<a>&#xffffff;</a>",
            "<a><!-- </a>",
            "<>",
        ] {
            assert!(matches!(told(text), Err(XmlFault::Broken)), "{text}");
        }
        for text in [
            "<!DOCTYPE a><a/>",
            "<a>&lol9;</a>",
            "<!ENTITY x 'y'><a/>",
            "<?xml?><!DOCTYPE a [<!ENTITY b SYSTEM 'http://x'>]><a>&b;</a>",
        ] {
            assert!(matches!(told(text), Err(XmlFault::Entity)), "{text}");
        }
        let long = format!("<a>{}</a>", "x".repeat(LONGEST_TEXT + 1));
        assert!(matches!(told(&long), Err(XmlFault::TooLong)));
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        assert!(matches!(told(&deep), Err(XmlFault::Broken)));
        assert!(matches!(told("\u{fffe}<a/>"), Err(XmlFault::Broken) | Ok(_)));
    }
}
