//! What the editor offers while somebody types a formula.

use super::closeness::{Closeness, closeness};
use super::fault::Span;
use super::figure::{FigureFunction, MAPX};
use super::functions::{self, Function};
use super::lex::{closing_quote, continues_name, plain, starts_name};
use super::rename::{Meant, meant, shown};
use super::scope::{Name, Names};
use super::types::Type;
use crate::text::{Language, Texts};

/// The most suggestions.
const MAX_SUGGESTIONS: usize = 50;

/// What can stand at the cursor.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    /// What a chosen suggestion replaces.
    pub replaces: Span,
    /// Best first.
    pub suggestions: Vec<Suggestion>,
    /// The function whose arguments the cursor is in.
    pub call: Option<CallHelp>,
}

/// One thing that can be chosen.
#[derive(Clone, Debug)]
pub struct Suggestion {
    pub kind: SuggestionKind,
    /// What is shown.
    pub label: String,
    /// What is put into the formula.
    pub insert: String,
    /// What it does, in a sentence; empty for a field.
    pub help: String,
}

#[derive(Clone, Debug)]
pub enum SuggestionKind {
    Field {
        key: String,
        ty: Type,
        /// The name of its kind, where it is a field with one.
        kind: Option<&'static str>,
    },
    Function(&'static Function),
    /// A form whose records can be counted, as documents name it.
    Form(String),
}

/// The call around the cursor.
#[derive(Clone, Debug)]
pub struct CallHelp {
    pub function: &'static Function,
    /// The named parameter that the cursor is at, from 0.
    pub parameter: usize,
}

/// Finds fields and functions by what stands before the cursor (counted in characters): those that are called so come
/// first, then those that begin with it, that have a word which does, that have it inside. Fields are found by their
/// labels and keys, functions by their names and at the end by their help text too: `求和` finds SUM. The field that the
/// formula is of is not offered, and functions over rows only in the formula of a column. In a figure over another form its
/// first argument is a form, and behind that form's name come its fields.
pub fn complete(source: &str, cursor: usize, names: &dyn Names, language: Language) -> Completion {
    let typed: Vec<char> = source.chars().take(cursor).collect();
    let before = Before::read(&typed);
    let call = before.calls.last().and_then(|open| {
        let function = functions::find(&open.name.to_uppercase())?;
        Some(CallHelp { function, parameter: function.parameter_at(open.place) })
    });
    let counted = before.counted();
    let named = |word: &Word| match &counted {
        Counted::Nothing => fields(word, names),
        Counted::Which => forms(word, names),
        Counted::Form(form) => beside(word, form, names),
    };
    // Words with a space between them are nothing but a label that is typed without its brackets.
    let spaced = before.spaced.iter().find_map(|start| {
        let text = typed.iter().skip(*start).collect();
        let word = Word { path: before.path.clone(), text, start: *start, bracketed: false };
        let found = named(&word);
        found.iter().any(|(fits, _)| *fits <= Closeness::Start).then_some((word, found))
    });
    if let Some((word, found)) = spaced {
        return listed(&word, found, call, typed.len());
    }
    let Some(word) = before.word else { return Completion { call, ..Completion::default() } };
    let mut found = named(&word);
    if counted != Counted::Which && word.path.is_empty() && !word.bracketed && !word.text.is_empty() {
        found.extend(matching_functions(&word.text, names.has_rows(), language));
    }
    listed(&word, found, call, typed.len())
}

/// What was found for a word, the best first. What fits as well stays as it is: fields in the order of the form, then
/// functions by name.
fn listed(
    word: &Word,
    mut found: Vec<(Closeness, Suggestion)>,
    call: Option<CallHelp>,
    cursor: usize,
) -> Completion {
    found.sort_by_key(|(fits, _)| *fits);
    let suggestions = found.into_iter().take(MAX_SUGGESTIONS).map(|(_, suggestion)| suggestion).collect();
    Completion { replaces: Span::new(word.start, cursor), suggestions, call }
}

fn fields(word: &Word, names: &dyn Names) -> Vec<(Closeness, Suggestion)> {
    let is_own = |path: &[&str], key: &str| names.is_own(path, key);
    fields_among(&word.text, &word.path, &|path| names.members(path), &is_own, names)
}

/// The forms whose records can be counted.
fn forms(word: &Word, names: &dyn Names) -> Vec<(Closeness, Suggestion)> {
    let forms = names.forms();
    let suggestion = |name: &Name| Suggestion {
        kind: SuggestionKind::Form(name.key.clone()),
        label: name.label.clone(),
        insert: shown(name, &forms),
        help: String::new(),
    };
    let found = forms.iter().filter(|_| word.path.is_empty());
    found.filter_map(|name| Some((fits(&word.text, name, names)?, suggestion(name)))).collect()
}

/// What can stand where the records of a form are counted: its fields behind its name, the name itself, and the fields of
/// this record.
fn beside(word: &Word, form: &str, names: &dyn Names) -> Vec<(Closeness, Suggestion)> {
    if let Some((first, path)) = word.path.split_first()
        && first == form
    {
        let forms = names.forms();
        let Meant::One(counted) = meant(form, &forms) else { return Vec::new() };
        let members = |path: &[&str]| names.members_of(&counted.key, path);
        return fields_among(&word.text, path, &members, &|_, _| false, names);
    }
    let named = forms(&Word { path: Vec::new(), text: form.to_string(), ..Word::default() }, names);
    let itself = named.into_iter().filter(|(_, found)| found.label == form || found.insert == form);
    let begun = itself.filter_map(|(_, found)| Some((closeness(&word.text, &found.label)?, found)));
    let own = fields(word, names);
    begun.filter(|_| word.path.is_empty()).chain(own).collect()
}

fn fields_among(
    text: &str,
    written: &[String],
    members: &dyn Fn(&[&str]) -> Vec<Name>,
    is_own: &dyn Fn(&[&str], &str) -> bool,
    names: &dyn Names,
) -> Vec<(Closeness, Suggestion)> {
    let mut keys: Vec<String> = Vec::new();
    for written in written {
        let path: Vec<&str> = keys.iter().map(String::as_str).collect();
        let members = members(&path);
        let Meant::One(name) = meant(written, &members) else { return Vec::new() };
        keys.push(name.key.clone());
    }
    let path: Vec<&str> = keys.iter().map(String::as_str).collect();
    let members = members(&path);
    let suggestion = |name: &Name| Suggestion {
        kind: SuggestionKind::Field { key: name.key.clone(), ty: name.ty.clone(), kind: name.kind },
        label: name.label.clone(),
        insert: shown(name, &members),
        help: String::new(),
    };
    let readable = members.iter().filter(|name| !is_own(&path, &name.key));
    readable.filter_map(|name| Some((fits(text, name, names)?, suggestion(name)))).collect()
}

/// How well a name fits what is typed: by its label, its key, or the first letters of how it sounds.
fn fits(text: &str, name: &Name, names: &dyn Names) -> Option<Closeness> {
    let by_key = closeness(text, name.key.trim_start_matches('$'));
    let typed = text.to_lowercase();
    let sounds = || names.initials(&name.label).is_some_and(|initials| initials.starts_with(&typed));
    let by_sound = (!typed.is_empty() && typed.is_ascii() && sounds()).then_some(Closeness::Word);
    closeness(text, &name.label).into_iter().chain(by_key).chain(by_sound).min()
}

fn matching_functions(written: &str, has_rows: bool, language: Language) -> Vec<(Closeness, Suggestion)> {
    let texts = Texts::of(language);
    let suggestion = |function: &'static Function| {
        let help = texts.get(&function.text_key(), &Default::default()).unwrap_or_default();
        let said = || closeness(written, &help).map(|_| Closeness::Said);
        let fits = closeness(written, function.name).or_else(said)?;
        let suggestion = Suggestion {
            kind: SuggestionKind::Function(function),
            label: function.name.to_string(),
            insert: format!("{}({}", function.name, if function.named_parameters() == 0 { ")" } else { "" }),
            help,
        };
        Some((fits, suggestion))
    };
    let readable = functions::all().filter(|function| has_rows || !function.over_rows);
    let mut found: Vec<_> = readable.filter_map(suggestion).collect();
    found.sort_by(|(_, a), (_, b)| a.label.cmp(&b.label));
    found
}

/// What stands before the cursor. The source is unfinished there, so it is read leniently and not parsed.
#[derive(Default)]
struct Before {
    calls: Vec<Open>,
    /// `None` where no name can stand: inside a text, or behind a value that is written out.
    word: Option<Word>,
    /// Where the plain names begin that stand before the cursor with nothing but spaces between them, from left to right.
    spaced: Vec<usize>,
    /// The names before them.
    path: Vec<String>,
}

/// An open call; parentheses that are no call have no name.
#[derive(Default)]
struct Open {
    name: String,
    /// The place of the argument at the cursor.
    place: usize,
    /// The first argument, where it was a name by itself.
    first: Option<String>,
}

impl Open {
    /// Whether it says which form it counts by the fields of that form alone.
    fn is_mapped(&self) -> bool {
        self.name.eq_ignore_ascii_case(MAPX)
    }
}

/// Whose records are counted at the cursor.
#[derive(PartialEq)]
enum Counted {
    Nothing,
    /// That is what is being typed.
    Which,
    /// Those of the form that is written so.
    Form(String),
}

/// The name that is being typed.
#[derive(Default)]
struct Word {
    /// The names before it.
    path: Vec<String>,
    text: String,
    start: usize,
    bracketed: bool,
}

impl Before {
    /// Whose records the innermost figure around the cursor counts.
    fn counted(&self) -> Counted {
        let is_figure =
            |open: &&Open| open.is_mapped() || FigureFunction::named(&open.name.to_uppercase()).is_some();
        let Some(open) = self.calls.iter().rev().find(is_figure) else { return Counted::Nothing };
        if open.is_mapped() {
            let form = self.word.as_ref().and_then(|word| word.path.first());
            return match (open.place, form) {
                (2 | 3, None) => Counted::Which,
                (2 | 3, Some(form)) => Counted::Form(form.clone()),
                _ => Counted::Nothing,
            };
        }
        let is_innermost = self.calls.last().is_some_and(|last| std::ptr::eq(last, open));
        match (open.place, &open.first) {
            (0, _) if is_innermost => Counted::Which,
            (0, _) | (_, None) => Counted::Nothing,
            (_, Some(form)) => Counted::Form(form.clone()),
        }
    }

    fn read(typed: &[char]) -> Before {
        let mut calls: Vec<Open> = Vec::new();
        let mut path: Vec<String> = Vec::new();
        // The last name, while nothing but it has been read.
        let mut name: Option<(String, bool)> = None;
        // Whether a number, a text or a closed parenthesis was read last: an operator has to follow.
        let mut is_value = false;
        // Where the names of a row of words begin.
        let mut spaced: Vec<usize> = Vec::new();
        let mut at = 0;
        while let Some(c) = typed.get(at).map(|c| plain(*c)) {
            let start = at;
            at += 1;
            let rest = typed.get(at..).unwrap_or_default();
            if let Some(close) = closing_quote(c) {
                match rest.iter().position(|c| *c == close) {
                    Some(length) => at += length + 1,
                    None => return Before { calls, ..Before::default() },
                }
                (name, path, is_value) = (None, Vec::new(), true);
            } else if c == '[' {
                let inside = rest.iter().take_while(|c| !matches!(c, ']' | '】'));
                let length = inside.clone().count();
                let text: String = inside.collect();
                if length == rest.len() {
                    let word = Some(Word { path, text, start, bracketed: true });
                    return Before { calls, word, ..Before::default() };
                }
                at += length + 1;
                (name, is_value) = (Some((text, true)), false);
            } else if starts_name(c) {
                at += rest.iter().take_while(|c| continues_name(**c)).count();
                let text: String = typed.iter().take(at).skip(start).collect();
                if !matches!(name, Some((_, false))) {
                    spaced.clear();
                }
                if at == typed.len() {
                    let word = Word { path: path.clone(), text, start, bracketed: false };
                    return Before { calls, word: Some(word), spaced, path };
                }
                spaced.push(start);
                (name, is_value) = (Some((text, false)), false);
            } else {
                match (c, name.take()) {
                    ('.', Some((text, _))) => {
                        path.push(text);
                        continue;
                    }
                    ('(', Some((name, false))) => calls.push(Open { name, ..Open::default() }),
                    ('(', _) => calls.push(Open::default()),
                    (')', _) => drop(calls.pop()),
                    (',', before) => {
                        if let Some(open) = calls.last_mut() {
                            if open.place == 0 && path.is_empty() {
                                open.first = before.map(|(text, _)| text);
                            }
                            open.place += 1;
                        }
                    }
                    (space, Some(before)) if space.is_whitespace() => {
                        name = Some(before);
                        continue;
                    }
                    _ => {}
                }
                // A point that follows no name is one of a number.
                is_value = c.is_ascii_digit() || c == ')' || (is_value && (c == '.' || c.is_whitespace()));
                path = Vec::new();
            }
        }
        let is_name = matches!(name, Some((_, false)));
        let word = Word { path: path.clone(), start: typed.len(), ..Word::default() };
        let word = (name.is_none() && !is_value).then_some(word);
        Before { calls, word, spaced: if is_name { spaced } else { Vec::new() }, path }
    }
}
