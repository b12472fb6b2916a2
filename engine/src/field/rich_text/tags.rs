//! The tags that a rich text may have. There is no other list.

/// A tag that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Paragraph,
    Heading(u8),
    Quote,
    Preformatted,
    List,
    NumberedList,
    Item,
    Rule,
    Break,
    Table,
    TableHead,
    TableBody,
    TableRow,
    TableHeader,
    TableCell,
    Bold,
    Italic,
    Underline,
    Strike,
    Code,
    Subscript,
    Superscript,
    Mark,
    Link,
}

/// Where a tag stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Has no content and no end.
    Alone,
    /// Begins on a line of its own, and ends a paragraph that is open.
    Block,
    Inline,
}

impl Tag {
    /// The tag that is written for a name in lower case; `None` for one that is left out, though not what is in it.
    pub(super) fn of(name: &str) -> Option<Tag> {
        Some(match name {
            "p" | "div" | "section" | "article" | "header" | "footer" | "address" | "figure"
            | "figcaption" | "dd" | "dt" => Tag::Paragraph,
            "h1" => Tag::Heading(1),
            "h2" => Tag::Heading(2),
            "h3" => Tag::Heading(3),
            "h4" | "h5" | "h6" => Tag::Heading(4),
            "blockquote" => Tag::Quote,
            "pre" => Tag::Preformatted,
            "ul" | "menu" | "dir" => Tag::List,
            "ol" => Tag::NumberedList,
            "li" => Tag::Item,
            "hr" => Tag::Rule,
            "br" => Tag::Break,
            "table" => Tag::Table,
            "thead" => Tag::TableHead,
            "tbody" | "tfoot" => Tag::TableBody,
            "tr" => Tag::TableRow,
            "th" => Tag::TableHeader,
            "td" => Tag::TableCell,
            "b" | "strong" => Tag::Bold,
            "i" | "em" | "cite" | "var" | "dfn" => Tag::Italic,
            "u" | "ins" => Tag::Underline,
            "s" | "del" | "strike" => Tag::Strike,
            "code" | "kbd" | "samp" | "tt" => Tag::Code,
            "sub" => Tag::Subscript,
            "sup" => Tag::Superscript,
            "mark" => Tag::Mark,
            "a" => Tag::Link,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Tag::Paragraph => "p",
            Tag::Heading(1) => "h1",
            Tag::Heading(2) => "h2",
            Tag::Heading(3) => "h3",
            Tag::Heading(_) => "h4",
            Tag::Quote => "blockquote",
            Tag::Preformatted => "pre",
            Tag::List => "ul",
            Tag::NumberedList => "ol",
            Tag::Item => "li",
            Tag::Rule => "hr",
            Tag::Break => "br",
            Tag::Table => "table",
            Tag::TableHead => "thead",
            Tag::TableBody => "tbody",
            Tag::TableRow => "tr",
            Tag::TableHeader => "th",
            Tag::TableCell => "td",
            Tag::Bold => "strong",
            Tag::Italic => "em",
            Tag::Underline => "u",
            Tag::Strike => "s",
            Tag::Code => "code",
            Tag::Subscript => "sub",
            Tag::Superscript => "sup",
            Tag::Mark => "mark",
            Tag::Link => "a",
        }
    }

    pub(super) fn place(self) -> Place {
        match self {
            Tag::Rule | Tag::Break => Place::Alone,
            Tag::Bold
            | Tag::Italic
            | Tag::Underline
            | Tag::Strike
            | Tag::Code
            | Tag::Subscript
            | Tag::Superscript
            | Tag::Mark
            | Tag::Link => Place::Inline,
            Tag::Paragraph
            | Tag::Heading(_)
            | Tag::Quote
            | Tag::Preformatted
            | Tag::List
            | Tag::NumberedList
            | Tag::Item
            | Tag::Table
            | Tag::TableHead
            | Tag::TableBody
            | Tag::TableRow
            | Tag::TableHeader
            | Tag::TableCell => Place::Block,
        }
    }

    /// Whether an open one ends where `next` begins: a paragraph can't hold a block, an item no item of the same list, a
    /// row no row.
    pub(super) fn ends_before(self, next: Tag) -> bool {
        let is_cell = |tag: Tag| matches!(tag, Tag::TableHeader | Tag::TableCell);
        let is_part = |tag: Tag| matches!(tag, Tag::TableHead | Tag::TableBody);
        match self {
            Tag::Paragraph | Tag::Heading(_) | Tag::Preformatted => {
                next.place() == Place::Block || next == Tag::Rule
            }
            Tag::Item => next == Tag::Item,
            Tag::TableHeader | Tag::TableCell => is_cell(next) || next == Tag::TableRow || is_part(next),
            Tag::TableRow => next == Tag::TableRow || is_part(next),
            Tag::TableHead | Tag::TableBody => is_part(next),
            Tag::Link => next == Tag::Link,
            _ => false,
        }
    }

    /// Whether it keeps what is outside of it from being ended by what begins within: a cell may hold lists of its own.
    pub(super) fn is_room(self, next: Tag) -> bool {
        match self {
            Tag::List | Tag::NumberedList => next == Tag::Item,
            Tag::Table => matches!(
                next,
                Tag::TableHead | Tag::TableBody | Tag::TableRow | Tag::TableHeader | Tag::TableCell
            ),
            Tag::TableHeader | Tag::TableCell | Tag::Quote => !matches!(
                next,
                Tag::TableRow | Tag::TableHeader | Tag::TableCell | Tag::TableHead | Tag::TableBody
            ),
            _ => false,
        }
    }
}

/// Tags that go with everything in them: what is written there is no text for people.
pub(super) fn goes_with_content(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "iframe"
            | "frame"
            | "frameset"
            | "object"
            | "embed"
            | "applet"
            | "svg"
            | "math"
            | "noscript"
            | "noframes"
            | "noembed"
            | "textarea"
            | "select"
            | "title"
            | "head"
            | "xmp"
            | "plaintext"
            | "audio"
            | "video"
            | "canvas"
    )
}
