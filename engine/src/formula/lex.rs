//! The words and signs of a formula.
//!
//! People type formulas with Chinese input methods on, so full-width signs and Chinese quotes mean the same as the
//! plain ones. Inside quotes and brackets nothing is changed.

use super::fault::{FormulaFault, Span};
use crate::value::{Decimal, half_width, parse_decimal};

/// A source is at most this long, in bytes: parsing, checking and compiling are linear in it.
pub const MAX_SOURCE: usize = 8 * 1024;

/// One word or sign.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(Decimal),
    Text(String),
    /// A name, of a field or a function; `bracketed` if it stood in `[…]`.
    Name {
        text: String,
        bracketed: bool,
    },
    Sign(Sign),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
    Times,
    Over,
    Power,
    Join,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Open,
    Close,
    Comma,
    Dot,
}

/// Whether `text` can stand as a name without brackets.
pub(super) fn is_plain_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts_name) && chars.all(continues_name) && word(text).is_none()
}

/// A word that is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    And,
    Or,
    Not,
    True,
    False,
    Empty,
}

/// The word that an unbracketed name is, if it is one.
pub(super) fn word(text: &str) -> Option<Word> {
    let word = match text.to_ascii_lowercase().as_str() {
        "and" => Word::And,
        "or" => Word::Or,
        "not" => Word::Not,
        "true" | "真" => Word::True,
        "false" | "假" => Word::False,
        "empty" | "空" => Word::Empty,
        _ => return None,
    };
    Some(word)
}

pub(super) fn starts_name(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphabetic()
}

pub(super) fn continues_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Cuts a source into tokens with their places.
pub(super) fn tokens(source: &str) -> Result<Vec<(Token, Span)>, FormulaFault> {
    if source.len() > MAX_SOURCE {
        return Err(FormulaFault::new("formula_too_long", Span::new(0, source.chars().count()))
            .arg("max", MAX_SOURCE / 1024));
    }
    let mut lexer = Lexer { chars: source.chars().collect(), at: 0 };
    let mut found = Vec::new();
    while let Some(c) = lexer.peek(0) {
        let plain = plain(c);
        if plain.is_whitespace() {
            lexer.at += 1;
            continue;
        }
        let start = lexer.at;
        let after_name =
            matches!(found.last(), Some((Token::Name { .. }, span)) if Span::end(*span) == start);
        let token = lexer.token(plain, after_name)?;
        found.push((token, Span::new(start, lexer.at)));
    }
    Ok(found)
}

/// The sign with which spreadsheets begin a formula, with the space behind it, where one begins so. It means nothing here.
pub(super) fn opening(source: &str) -> Option<Span> {
    let mut chars = source.chars().map(plain).enumerate().skip_while(|(_, c)| c.is_whitespace()).peekable();
    let (at, _) = chars.next().filter(|(_, c)| *c == '=')?;
    if chars.peek().is_some_and(|(_, c)| *c == '=') {
        return None;
    }
    let end = chars.find(|(_, c)| !c.is_whitespace()).map_or(source.chars().count(), |(end, _)| end);
    Some(Span::new(at, end))
}

/// The usual form of a sign or digit; letters stay as they are, since a label may have full-width ones.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' if !c.is_alphabetic() => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '−' | '–' => '-',
        '×' => '*',
        '÷' => '/',
        '、' => ',',
        '【' => '[',
        other => other,
    }
}

/// The quote that ends a text begun with `open`.
pub(super) fn closing_quote(open: char) -> Option<char> {
    match open {
        '"' => Some('"'),
        '\'' => Some('\''),
        '“' => Some('”'),
        '‘' => Some('’'),
        '「' => Some('」'),
        _ => None,
    }
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn peek_plain(&self, ahead: usize) -> Option<char> {
        self.peek(ahead).map(plain)
    }

    /// What has been read from `start` on.
    fn since(&self, start: usize) -> String {
        self.chars.iter().take(self.at).skip(start).collect()
    }

    fn token(&mut self, c: char, after_name: bool) -> Result<Token, FormulaFault> {
        if starts_name(c) {
            return Ok(self.name());
        }
        let digit_follows = self.peek_plain(1).is_some_and(|next| next.is_ascii_digit());
        if c.is_ascii_digit() || (c == '.' && digit_follows && !after_name) {
            return self.number();
        }
        if c == '[' {
            return self.bracketed();
        }
        if let Some(close) = closing_quote(c) {
            return self.text(close);
        }
        self.sign(c)
    }

    fn name(&mut self) -> Token {
        let start = self.at;
        self.at += 1;
        while self.peek(0).is_some_and(continues_name) {
            self.at += 1;
        }
        Token::Name { text: self.since(start), bracketed: false }
    }

    fn number(&mut self) -> Result<Token, FormulaFault> {
        let start = self.at;
        self.digits();
        if self.peek_plain(0) == Some('.') {
            self.at += 1;
            self.digits();
        }
        if matches!(self.peek(0), Some('e' | 'E')) {
            let signed = matches!(self.peek_plain(1), Some('+' | '-'));
            if self.peek_plain(1 + usize::from(signed)).is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1 + usize::from(signed);
                self.digits();
            }
        }
        let span = Span::new(start, self.at);
        let literal = self.since(start);
        if self.peek(0).is_some_and(starts_name) {
            return Err(FormulaFault::new("formula_number", span).arg("text", literal));
        }
        parse_decimal(&half_width(&literal))
            .map(Token::Number)
            .map_err(|_| FormulaFault::new("formula_number", span).arg("text", literal))
    }

    fn digits(&mut self) {
        while self.peek_plain(0).is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
    }

    /// `[label]`; a bracket inside is doubled: `[a]]b]`.
    fn bracketed(&mut self) -> Result<Token, FormulaFault> {
        let start = self.at;
        let close = if self.peek(0) == Some('【') { '】' } else { ']' };
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.peek(0) {
                Some(c) if c == close || plain(c) == close => {
                    self.at += 1;
                    if self.peek(0) != Some(c) {
                        break;
                    }
                    self.at += 1;
                    text.push(c);
                }
                Some(c) => {
                    self.at += 1;
                    text.push(c);
                }
                None => return Err(FormulaFault::new("formula_unclosed_bracket", Span::new(start, self.at))),
            }
        }
        if text.trim().is_empty() {
            return Err(FormulaFault::new("formula_unexpected", Span::new(start, self.at)).arg("text", "[]"));
        }
        Ok(Token::Name { text: text.trim().to_string(), bracketed: true })
    }

    /// A text in quotes: the quote itself is doubled or follows a backslash; `\n` and `\t` are line break and tab.
    fn text(&mut self, close: char) -> Result<Token, FormulaFault> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek(0) else {
                return Err(FormulaFault::new("formula_unclosed_text", Span::new(start, self.at)));
            };
            self.at += 1;
            if c == close {
                if self.peek(0) != Some(close) {
                    return Ok(Token::Text(text));
                }
                self.at += 1;
                text.push(close);
            } else if c == '\\' {
                let escaped = match self.peek(0) {
                    Some('n') => Some('\n'),
                    Some('t') => Some('\t'),
                    Some(next) if next == '\\' || next == close => Some(next),
                    // Any other backslash is one: people write patterns and paths.
                    _ => None,
                };
                self.at += usize::from(escaped.is_some());
                text.push(escaped.unwrap_or('\\'));
            } else {
                text.push(c);
            }
        }
    }

    fn sign(&mut self, c: char) -> Result<Token, FormulaFault> {
        let second = self.peek_plain(1);
        let (sign, length) = match (c, second) {
            ('=', Some('=')) => (Sign::Equal, 2),
            ('<', Some('>')) | ('!', Some('=')) => (Sign::NotEqual, 2),
            ('<', Some('=')) => (Sign::LessOrEqual, 2),
            ('>', Some('=')) => (Sign::GreaterOrEqual, 2),
            ('=', _) => (Sign::Equal, 1),
            ('≠', _) => (Sign::NotEqual, 1),
            ('≤' | '≦', _) => (Sign::LessOrEqual, 1),
            ('≥' | '≧', _) => (Sign::GreaterOrEqual, 1),
            ('<', _) => (Sign::Less, 1),
            ('>', _) => (Sign::Greater, 1),
            ('+', _) => (Sign::Plus, 1),
            ('-', _) => (Sign::Minus, 1),
            ('*', _) => (Sign::Times, 1),
            ('/', _) => (Sign::Over, 1),
            ('^', _) => (Sign::Power, 1),
            ('&', _) => (Sign::Join, 1),
            ('(', _) => (Sign::Open, 1),
            (')', _) => (Sign::Close, 1),
            (',', _) => (Sign::Comma, 1),
            ('.', _) => (Sign::Dot, 1),
            _ => {
                let span = Span::new(self.at, self.at + 1);
                return Err(FormulaFault::new("formula_unexpected", span).arg("text", c));
            }
        };
        self.at += length;
        Ok(Token::Sign(sign))
    }
}
