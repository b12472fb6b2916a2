//! Markup that holds no more than it says: every text is escaped where it is put in.

use std::fmt;

use crate::text::Language;

/// Records on paper, as HTML in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub title: String,
    pub language: Language,
    /// The style of the pages, for the whole document.
    pub page: String,
    /// The style of what stands on them.
    pub style: String,
    /// The records, each an `article`.
    pub body: String,
}

const PAGE: &str = "<style id=\"page\">";
const STYLE: &str = "<style id=\"style\">";
const STYLE_END: &str = "</style>";
const BODY: &str = "<div class=\"prints\">";
const BODY_END: &str = "</div>";

impl Printed {
    /// What stands on the pages, with what is around it.
    pub fn content(&self) -> String {
        format!("{BODY}{}{BODY_END}", self.body)
    }

    /// The whole document. It fetches nothing: its styles and pictures are inside, and there is no script.
    pub fn document(&self) -> String {
        let (language, title) = (self.language.tag(), escaped(&self.title));
        format!(
            "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             {PAGE}{}{STYLE_END}{STYLE}{}{STYLE_END}</head><body><main>{}</main></body></html>\n",
            self.page,
            self.style,
            self.content()
        )
    }
}

/// The parts of a document that [`Printed::document`] has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    pub page: String,
    pub style: String,
    /// With what is around the records.
    pub content: String,
}

/// Takes a document apart again, to show it inside a page; nothing where it is another one.
pub fn parts(document: &str) -> Option<Parts> {
    let (_, rest) = document.split_once(PAGE)?;
    let (page, rest) = rest.split_once(STYLE_END)?;
    let (_, rest) = rest.split_once(STYLE)?;
    let (style, rest) = rest.split_once(STYLE_END)?;
    let (_, rest) = rest.split_once(BODY)?;
    let (body, _) = rest.rsplit_once(BODY_END)?;
    let content = format!("{BODY}{body}{BODY_END}");
    Some(Parts { page: page.to_string(), style: style.to_string(), content })
}

/// A text that stands in markup as itself, between tags and in attributes alike.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Signs that nobody sees, and that HTML has not.
            sign if sign.is_control() && sign != '\n' && sign != '\t' => {}
            sign => safe.push(sign),
        }
    }
    safe
}

/// An element.
pub(super) struct Tag {
    name: &'static str,
    classes: Vec<String>,
    attributes: String,
    inside: String,
}

impl Tag {
    pub fn new(name: &'static str) -> Tag {
        Tag { name, classes: Vec::new(), attributes: String::new(), inside: String::new() }
    }

    pub fn class(mut self, name: &str) -> Tag {
        self.classes.push(name.to_string());
        self
    }

    pub fn attribute(mut self, name: &str, value: &str) -> Tag {
        self.attributes.push_str(&format!(" {name}=\"{}\"", escaped(value)));
        self
    }

    pub fn text(mut self, text: impl AsRef<str>) -> Tag {
        self.inside.push_str(&escaped(text.as_ref()));
        self
    }

    pub fn inside(mut self, tag: Tag) -> Tag {
        self.inside.push_str(&tag.to_string());
        self
    }

    /// Markup that was made here.
    pub fn raw(mut self, markup: String) -> Tag {
        self.inside.push_str(&markup);
        self
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}", self.name)?;
        if !self.classes.is_empty() {
            write!(f, " class=\"{}\"", escaped(&self.classes.join(" ")))?;
        }
        write!(f, "{}>", self.attributes)?;
        match self.name {
            "img" | "hr" => Ok(()),
            name => write!(f, "{}</{name}>", self.inside),
        }
    }
}
