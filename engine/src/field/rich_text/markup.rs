//! HTML read leniently and written strictly.
//!
//! Nothing of the input is passed on: tags are written from the list in [`tags`](super::tags), of attributes only the
//! address of a link and the span of a cell are read, texts are decoded and escaped anew. The tags that may be written
//! hold no raw text and begin no foreign content, so a browser reads back what was meant.

use super::tags::{Place, Tag, goes_with_content};
use crate::field::url;
use crate::value::half_width;

/// Tags within tags at most; deeper ones are left out, their texts stay.
const DEEPEST: usize = 24;
/// Columns or rows that a cell spans at most.
const WIDEST: u32 = 100;

/// The part of `html` that a rich text may have, in its one way of being written. Doing it twice changes nothing.
pub(crate) fn sanitise(html: &str) -> String {
    let mut writer = Writer { out: String::with_capacity(html.len()), open: Vec::new() };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at_checked(at).unwrap_or((rest, ""));
        writer.text(text);
        rest = writer.tag(tag);
    }
    writer.text(rest);
    writer.end_down_to(0);
    // Lines that somebody typed are paragraphs, or they would run into each other.
    if writer.out.contains('\n') && !writer.out.contains('<') { lines(&writer.out) } else { writer.out }
}

/// Markup that reads as a plain text does: a paragraph for each line.
pub(crate) fn of_plain(text: &str) -> String {
    text.lines().map(|line| format!("<p>{}</p>", escaped(line))).collect()
}

/// Lines of markup without tags as paragraphs.
fn lines(text: &str) -> String {
    text.lines().map(|line| format!("<p>{line}</p>")).collect()
}

/// What people read of markup that [`sanitise`] wrote: lines for blocks, a mark before items.
pub(crate) fn plain_text(markup: &str) -> String {
    let mut out = String::new();
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(&decoded(text));
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at_checked(end).unwrap_or((tag, ""));
        let inside = tag.trim_matches(['<', '>', '/']);
        let name = inside.split_whitespace().next().unwrap_or_default();
        let begins = !tag.starts_with("</");
        match Tag::of(name) {
            Some(Tag::TableHeader | Tag::TableCell)
                if begins && !out.ends_with(['\n', ' ']) && !out.is_empty() =>
            {
                out.push(' ');
            }
            Some(Tag::TableHeader | Tag::TableCell) | None => {}
            Some(Tag::Item) if begins => {
                end_line(&mut out);
                out.push_str("- ");
            }
            Some(Tag::Break) => out.push('\n'),
            Some(tag) if tag.place() != Place::Inline && !out.ends_with("- ") => end_line(&mut out),
            Some(_) => {}
        }
        rest = after;
    }
    out.push_str(&decoded(rest));
    out.trim().to_string()
}

fn end_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

struct Writer {
    out: String,
    open: Vec<Tag>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        self.out.push_str(&escaped(&decoded(text)));
    }

    /// Takes in the tag that `html` begins with; gives what follows it.
    fn tag<'h>(&mut self, html: &'h str) -> &'h str {
        let inside = html.get(1..).unwrap_or_default();
        if let Some(comment) = inside.strip_prefix("!--") {
            return after(comment, "-->");
        }
        if inside.starts_with(['!', '?']) {
            return after(inside, ">");
        }
        let (is_end, inside) = match inside.strip_prefix('/') {
            Some(inside) => (true, inside),
            None => (false, inside),
        };
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            // A sign of a comparison, or an end of nothing.
            if !is_end {
                self.out.push_str("&lt;");
                return inside;
            }
            return after(inside, ">");
        }
        let length = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inside.len());
        let (name, attributes) = inside.split_at_checked(length).unwrap_or((inside, ""));
        let name = name.to_ascii_lowercase();
        let (attributes, rest) = attributes_of(attributes);
        if goes_with_content(&name) {
            return if is_end { rest } else { after_end_of(rest, &name) };
        }
        match Tag::of(&name) {
            Some(tag) if is_end => self.end(tag),
            Some(tag) => self.begin(tag, &attributes),
            None => {}
        }
        rest
    }

    fn begin(&mut self, tag: Tag, attributes: &[(String, String)]) {
        self.make_room(tag);
        let place = tag.place();
        if place != Place::Alone && self.open.len() >= DEEPEST {
            return;
        }
        let written = match tag {
            Tag::Link => match attribute(attributes, "href").and_then(address) {
                Some(href) => {
                    format!(" href=\"{}\" target=\"_blank\" rel=\"noopener noreferrer\"", escaped(&href))
                }
                // A link to nowhere is its text.
                None => return,
            },
            Tag::TableHeader | Tag::TableCell => ["colspan", "rowspan"]
                .into_iter()
                .filter_map(|name| Some((name, span(attribute(attributes, name)?)?)))
                .map(|(name, count)| format!(" {name}=\"{count}\""))
                .collect(),
            _ => String::new(),
        };
        self.out.push_str(&format!("<{}{written}>", tag.name()));
        if place != Place::Alone {
            self.open.push(tag);
        }
    }

    /// Ends what can't hold the tag that comes.
    fn make_room(&mut self, next: Tag) {
        let mut keep = self.open.len();
        for (place, open) in self.open.iter().enumerate().rev() {
            if open.is_room(next) {
                break;
            }
            if open.ends_before(next) {
                keep = place;
            }
        }
        self.end_down_to(keep);
    }

    fn end(&mut self, tag: Tag) {
        if let Some(place) = self.open.iter().rposition(|open| *open == tag) {
            self.end_down_to(place);
        }
    }

    fn end_down_to(&mut self, place: usize) {
        while self.open.len() > place {
            if let Some(tag) = self.open.pop() {
                self.out.push_str(&format!("</{}>", tag.name()));
            }
        }
    }
}

/// What follows the first `mark`; nothing where there is none.
fn after<'h>(html: &'h str, mark: &str) -> &'h str {
    html.split_once(mark).map_or("", |(_, rest)| rest)
}

/// What follows the end of an element whose content goes with it; nothing where it does not end.
fn after_end_of<'h>(html: &'h str, name: &str) -> &'h str {
    let mut rest = html;
    while let Some((_, found)) = rest.split_once("</") {
        let is_end = found.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_end {
            return after(found, ">");
        }
        rest = found;
    }
    ""
}

/// The attributes of a tag, and what follows the tag. One that never ends is no tag, and nothing follows it.
fn attributes_of(html: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    let mut rest = html;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        if rest.is_empty() {
            return (found, "");
        }
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/');
        // A name that begins with `=` is a name with that sign, or it would be read for ever.
        let from = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest.get(from..).and_then(|rest| rest.find(is_end)).map_or(rest.len(), |at| at + from);
        let (name, value) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let name = name.to_ascii_lowercase();
        let after_name = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = after_name.strip_prefix('=') else {
            found.push((name, String::new()));
            rest = value;
            continue;
        };
        let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inside = value.get(1..).unwrap_or_default();
                inside.split_once(quote).unwrap_or((inside, ""))
            }
            _ => {
                let length = value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len());
                value.split_at_checked(length).unwrap_or((value, ""))
            }
        };
        found.push((name, decoded(value)));
        rest = after;
    }
}

fn attribute<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The address that a link may lead to: a page of the web, a mail, a telephone.
fn address(href: &str) -> Option<String> {
    // Browsers skip blanks and controls before and within a scheme; so nobody may hide one behind them.
    let href: String = href.chars().filter(|c| !c.is_control()).collect();
    let href = href.trim();
    if let Some(address) = url::read(href).filter(|_| href.contains("://")) {
        return Some(address);
    }
    let (scheme, rest) = href.split_once(':')?;
    let scheme = half_width(scheme).to_ascii_lowercase();
    let is_plain = |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | '`' | '\\');
    let fits = matches!(scheme.as_str(), "mailto" | "tel") && !rest.is_empty() && rest.chars().all(is_plain);
    fits.then(|| format!("{scheme}:{rest}"))
}

fn span(value: &str) -> Option<u32> {
    value.trim().parse().ok().filter(|count| (2..=WIDEST).contains(count))
}

/// Text as it stands between tags and in attributes. Controls that no text has are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}

/// The usual entities.
const ENTITIES: [(&str, char); 18] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("middot", '·'),
    ("times", '×'),
    ("yen", '¥'),
];

/// Longest name or number of an entity.
const LONGEST_ENTITY: usize = 8;

/// Text without entities; an `&` that begins none is itself.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        out.push_str(before);
        let known = entity.split_once(';').filter(|(name, _)| name.len() <= LONGEST_ENTITY);
        match known.and_then(|(name, after)| Some((entity_sign(name)?, after))) {
            Some((sign, after)) => {
                out.push(sign);
                rest = after;
            }
            None => {
                out.push('&');
                rest = entity;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity_sign(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|sign| !sign.is_control() || matches!(sign, '\n' | '\t'));
    }
    ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, sign)| *sign)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_may_stay_stays_in_one_way_of_writing() {
        for (html, kept) in [
            ("<p>a</p>", "<p>a</p>"),
            ("<P CLASS=x>a<BR/>b</P>", "<p>a<br>b</p>"),
            ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
            ("<b>a<i>b</b>c</i>", "<strong>a<em>b</em></strong>c"),
            ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<p>a<ul><li>b</ul>", "<p>a</p><ul><li>b</li></ul>"),
            ("<h5>a</h5><hr>", "<h4>a</h4><hr>"),
            (
                "<table><tr><th colspan=2>a<td>b<tr><td rowspan='x'>c</table>",
                "<table><tr><th colspan=\"2\">a</th><td>b</td></tr><tr><td>c</td></tr></table>",
            ),
            ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
            ("&lt;script&gt;&#x3c;&#60;&unknown;", "&lt;script&gt;&lt;&lt;&amp;unknown;"),
            ("one\ntwo & three", "<p>one</p><p>two &amp; three</p>"),
            ("<custom-tag>a</custom-tag>", "a"),
            ("</p>a", "a"),
            (
                "<a href=\"https://Example.com/?a=1&amp;b=2\">x</a>",
                "<a href=\"https://example.com/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener noreferrer\">x</a>",
            ),
            (
                "<a href=mailto:a@b.cn>x</a>",
                "<a href=\"mailto:a@b.cn\" target=\"_blank\" rel=\"noopener noreferrer\">x</a>",
            ),
        ] {
            assert_eq!(sanitise(html), kept, "{html}");
            assert_eq!(sanitise(kept), kept, "twice: {html}");
        }
    }

    #[test]
    fn c15_what_could_run_is_gone() {
        for (html, kept) in [
            ("a<script>alert(1)</script>b", "ab"),
            ("<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)"),
            ("<script>a", ""),
            ("<SCRIPT\n>a</script\n>b", "b"),
            ("<img src=x onerror=alert(1)>a", "a"),
            ("<p onclick=alert(1) style='x'>a</p>", "<p>a</p>"),
            ("<a href='javascript:alert(1)'>a</a>", "a"),
            ("<a href='java\nscript:alert(1)'>a</a>", "a"),
            ("<a href=' javascript:alert(1)'>a</a>", "a"),
            ("<a href='&#106;avascript:alert(1)'>a</a>", "a"),
            ("<a href='javascript://example.com/%0aalert(1)'>a</a>", "a"),
            ("<a href='data:text/html,x'>a</a>", "a"),
            ("<a href='//example.com'>a</a>", "a"),
            ("<svg><style><img src=x onerror=alert(1)></style></svg>a", "a"),
            ("<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">", ""),
            ("<style>@import 'x'</style>a", "a"),
            ("<iframe src=x></iframe>a", "a"),
            ("<!-- <p>a --><p>b</p>", "<p>b</p>"),
            ("<!doctype html><?php x ?>a", "a"),
            ("<p title=\"><script>x</script>\">a", "<p>a</p>"),
            ("<p =x>a", "<p>a</p>"),
            ("<p a=\"", "<p></p>"),
            ("<template><p>a</p></template>b", "b"),
            ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "&quot;&gt;"),
        ] {
            let found = sanitise(html);
            assert!(!found.contains("onerror") && !found.contains("script:"), "{html}: {found}");
            assert_eq!(found, kept, "{html}");
        }
    }

    /// The list that a browser is shown, too: `tests/tests/browser/hostile_texts.rs`.
    #[test]
    fn t32_nothing_of_a_long_list_of_payloads_stays() {
        let payloads: Vec<&str> = include_str!("../../../../tests/data/xss/payloads.txt").lines().collect();
        assert!(payloads.len() >= 250, "{}", payloads.len());
        for payload in payloads {
            for html in [payload.to_string(), format!("<p>before {payload} after</p>"), payload.repeat(3)] {
                let kept = sanitise(&html);
                assert!(is_strict(&kept), "{html}: {kept}");
                assert_eq!(sanitise(&kept), kept, "{html}");
            }
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("{}x{}", "<ul><li>".repeat(1000), "</li></ul>".repeat(1000));
        let kept = sanitise(&deep);
        let (mut depth, mut deepest) = (0usize, 0);
        for tag in kept.split('<').skip(1) {
            depth = if tag.starts_with('/') { depth - 1 } else { depth + 1 };
            deepest = deepest.max(depth);
        }
        assert_eq!((depth, deepest), (0, DEEPEST));
        assert!(kept.contains('x'));
    }

    #[test]
    fn it_is_read_line_by_line() {
        let markup = sanitise(
            "<h1>Title</h1><p>a <b>b</b><br>c</p><ul><li>d</li><li><p>e</p></li></ul>\
             <table><tr><th>f</th><td>g</td></tr><tr><td>h</td></tr></table>&lt;i&gt;",
        );
        assert_eq!(plain_text(&markup), "Title\na b\nc\n- d\n- e\nf g\nh\n<i>");
    }

    /// Whether every `<` begins a tag of the list, written as this product writes it.
    fn is_strict(markup: &str) -> bool {
        markup.split('<').skip(1).all(|part| {
            let Some((tag, _)) = part.split_once('>') else { return false };
            let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
            let attributes = tag.strip_prefix(name).unwrap_or_default();
            let is_known = Tag::of(name).is_some_and(|tag| tag.name() == name);
            let of_link = name == "a"
                && attributes.starts_with(" href=\"")
                && ["http://", "https://", "mailto:", "tel:"]
                    .iter()
                    .any(|scheme| attributes[7..].starts_with(scheme))
                && attributes.matches('"').count() == 6;
            let of_cell = matches!(name, "td" | "th")
                && attributes
                    .split_whitespace()
                    .all(|one| one.starts_with("colspan=\"") || one.starts_with("rowspan=\""));
            is_known && (attributes.is_empty() || tag.starts_with('/') || of_link || of_cell)
        })
    }

    fn scrap() -> impl Strategy<Value = String> {
        let words = [
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<a href=\"https://a.cn/\">",
            "<a href='javascript:x'>",
            "</a>",
            "<ul>",
            "<li>",
            "</ul>",
            "<table>",
            "<tr>",
            "<td colspan=3>",
            "</table>",
            "<script>",
            "</script>",
            "<svg>",
            "</svg>",
            "<!--",
            "-->",
            "<style>",
            "</style>",
            "<",
            ">",
            "\"",
            "'",
            "=",
            "/",
            "&",
            "&lt;",
            "&#60;",
            "&#x3C;script&#x3E;",
            "onclick=x",
            " ",
            "\n",
            "x",
            "中",
            "<img src=x onerror=y>",
            "<br/>",
            "<hr>",
            "<pre>",
            "</pre>",
            "<h1>",
            "<blockquote>",
            "<noscript>",
            "<textarea>",
            "<math>",
        ];
        prop_oneof![4 => proptest::sample::select(words.to_vec()).prop_map(str::to_string), 1 => "\\PC{0,4}"]
    }

    proptest! {
        #[test]
        fn whatever_comes_in_comes_out_strict_and_stays(scraps in proptest::collection::vec(scrap(), 0..40)) {
            let html: String = scraps.concat();
            let markup = sanitise(&html);
            prop_assert!(is_strict(&markup), "{html:?} -> {markup:?}");
            prop_assert_eq!(sanitise(&markup), markup.clone(), "{:?}", html);
            let plain = plain_text(&markup);
            prop_assert!(!plain.contains(char::from(0)));
        }
    }
}
