//! Between the labels that people write and the keys that are stored.
//!
//! Only the names are replaced; everything else stays as it was written, spaces included. A label that several fields
//! have is written `[label#key]`.

use super::Type;
use super::check;
use super::compared::{choice_said, each_compared};
use super::fault::{FormulaFault, Span};
use super::figure::{MAPX, behind, form_of};
use super::lex::opening;
use super::parse::parse;
use super::scope::{Name, Names, Scope};
use super::syntax::{Node, NodeKind, Segment, write_name};
use super::unbracketed::unbracketed;
use crate::value::fold;

/// How a path says that a name is the record's, where a row, or a form that is counted, has its own (semantics.md 5).
pub(crate) const RECORD: &str = "record";

/// The formula with keys, from one with labels. Keys are understood too, where no label is the same. A choice that is held
/// against what people call it is held against its key.
///
/// # Errors
/// What can't be understood, and `unknown_field`, `unknown_form`, `ambiguous_name` or `formula_brackets` for a name.
pub fn to_keys(source: &str, names: &dyn Names) -> Result<String, FormulaFault> {
    in_keys(source, names).map(|(_, written)| written)
}

/// The tree of a formula that is written with labels, with keys in their places, and what is stored of it.
fn in_keys(source: &str, names: &dyn Names) -> Result<(Node, String), FormulaFault> {
    replaced_by_keys(source, names).map_err(|fault| unbracketed(fault, source, names))
}

fn replaced_by_keys(source: &str, names: &dyn Names) -> Result<(Node, String), FormulaFault> {
    let mut node = parse(source)?;
    let mut replacements: Vec<(Span, String)> =
        opening(source).map(|sign| (sign, String::new())).into_iter().collect();
    each_name(&mut node, None, &mut |place| {
        let (segments, keys) = keys_at(place, source, names)?;
        // What has to be said before a name stands in the same place.
        let said_before = keys.len() - segments.len();
        let written: Vec<String> = keys.iter().map(|key| write_name(key)).collect();
        for (place, segment) in segments.iter().enumerate() {
            let from = if place == 0 { 0 } else { place + said_before };
            let until = place + said_before + 1;
            replacements.push((segment.span, written.get(from..until).unwrap_or_default().join(".")));
        }
        let span_of = |number: usize| {
            let segment = segments.get(number.saturating_sub(said_before)).or(segments.first());
            segment.map_or(Span::default(), |segment| segment.span)
        };
        let named = keys.into_iter().enumerate();
        let named = named.map(|(number, name)| Segment { name, span: span_of(number) }).collect();
        *segments = named;
        Ok(())
    })?;
    each_compared(&mut node, &mut |path, said, span| {
        let key = choice_said(said, &|said| names.choice_key(path, said));
        if let Some(key) = key {
            replacements.push((span, Node::new(NodeKind::Text(key.clone()), span).to_string()));
            *said = key;
        }
    });
    replacements.sort_by_key(|(span, _)| span.at);
    let written = replaced(source, &replacements);
    Ok((node, written))
}

/// The formula with labels, from one with keys. A name that no longer exists stays as it is; so does a source that
/// can't be read.
pub fn to_labels(source: &str, names: &dyn Names) -> String {
    let Ok(mut node) = parse(source) else { return source.to_string() };
    let mut replacements = Vec::new();
    let read = each_name(&mut node, None, &mut |place| {
        replacements.extend(labels_at(place, names));
        Ok(())
    });
    if read.is_err() {
        return source.to_string();
    }
    each_compared(&mut node, &mut |path, said, span| {
        let label = choice_said(said, &|key| names.choice_label(path, key));
        replacements.extend(label.map(|label| (span, Node::new(NodeKind::Text(label), span).to_string())));
    });
    replacements.sort_by_key(|(span, _)| span.at);
    replaced(source, &replacements)
}

/// A formula with keys as it is written in another form: `field` says what a field of the record is called there, `form` what a
/// form is whose records are counted; nothing for what is called the same. What can't be read stays as it is.
pub fn renamed(
    source: &str,
    field: &dyn Fn(&str) -> Option<String>,
    form: &dyn Fn(&str) -> Option<String>,
) -> String {
    let Ok(mut node) = parse(source) else { return source.to_string() };
    let mut replacements = Vec::new();
    let read = each_name(&mut node, None, &mut |place| {
        let Named { segments, about } = place;
        let is_form = matches!(about, About::Form | About::Counted);
        let begins_with_record = segments.first().is_some_and(|first| first.name == RECORD);
        let named = usize::from(!is_form && begins_with_record && segments.len() > 1);
        if let Some(segment) = segments.get(named) {
            let now = if is_form { form(&segment.name) } else { field(&segment.name) };
            replacements.extend(now.map(|now| (segment.span, write_name(&now))));
        }
        Ok(())
    });
    if read.is_err() {
        return source.to_string();
    }
    replacements.sort_by_key(|(span, _)| span.at);
    replaced(source, &replacements)
}

/// Checks a formula that is written with labels, and gives it with keys. Places in the fault are those of `source`.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_labels(
    source: &str,
    names: &dyn Names,
    scope: &dyn Scope,
    wanted: &Type,
) -> Result<String, FormulaFault> {
    let (mut node, keys) = in_keys(source, names)?;
    let checked = check::check(&mut node, source, scope, wanted);
    match checked {
        Ok(_) => Ok(keys),
        Err(fault) if fault.code == "unknown_function" => Err(unbracketed(fault, source, names)),
        Err(fault) => Err(fault),
    }
}

/// What a formula that is written with labels gives, whatever is wanted of it; nothing where it can't be understood.
pub fn type_of_labels(source: &str, names: &dyn Names, scope: &dyn Scope) -> Option<Type> {
    let (mut node, _) = in_keys(source, names).ok()?;
    check::given(&mut node, source, scope).ok()
}

/// Where names of fields stand in a formula that is written with labels, from left to right: each path whole. Of one that is
/// not finished those of its beginning.
pub fn named_spans(source: &str, names: &dyn Names) -> Vec<Span> {
    named_paths(source, names).into_iter().map(|(span, _)| span).collect()
}

/// As [`named_spans`], each with the keys that the path means.
pub fn named_paths(source: &str, names: &dyn Names) -> Vec<(Span, Vec<String>)> {
    const MOST_TRIES: usize = 8;
    let parted = source.char_indices().rev().filter(|(_, c)| !c.is_alphanumeric()).map(|(at, _)| at);
    let mut tries = std::iter::once(source.len()).chain(parted).take(MOST_TRIES);
    let read = tries.find_map(|end| parse(source.get(..end)?).ok());
    let Some(mut node) = read else { return Vec::new() };
    let mut found = Vec::new();
    let _ = each_name(&mut node, None, &mut |place| {
        let ends = place.segments.first().zip(place.segments.last());
        let span = ends.map(|(first, last)| Span::new(first.span.at, last.span.end()));
        if let (Some(span), Ok((_, keys))) = (span, keys_at(place, source, names)) {
            found.push((span, keys));
        }
        Ok(())
    });
    found
}

/// A path of names, and what it is about.
struct Named<'n> {
    segments: &'n mut Vec<Segment>,
    about: About<'n>,
}

/// What a path is about.
#[derive(Clone, Copy)]
enum About<'n> {
    /// This record.
    Own,
    /// The form whose records are counted: its name alone.
    Form,
    /// A record that is counted: the name of its form, and a path in it.
    Counted,
    /// This record, where another form, of this name, is counted.
    Beside(&'n str),
}

/// Visits every path, from left to right.
fn each_name(
    node: &mut Node,
    counted: Option<&str>,
    visit: &mut dyn FnMut(Named) -> Result<(), FormulaFault>,
) -> Result<(), FormulaFault> {
    match &mut node.kind {
        NodeKind::Path(segments) => {
            let about = match counted {
                Some(form) if behind(segments, form).is_some() => About::Counted,
                Some(form) => About::Beside(form),
                None => About::Own,
            };
            visit(Named { segments, about })
        }
        NodeKind::Call(name, arguments) => {
            let form = form_of(name, arguments).map(|form| form.name.clone());
            let Some(form) = form else {
                return arguments.iter_mut().try_for_each(|argument| each_name(argument, counted, visit));
            };
            for (place, argument) in arguments.iter_mut().enumerate() {
                match &mut argument.kind {
                    NodeKind::Path(segments) if place == 0 && name.as_str() != MAPX => {
                        visit(Named { segments, about: About::Form })?;
                    }
                    _ => each_name(argument, Some(&form), visit)?,
                }
            }
            Ok(())
        }
        NodeKind::Figure(_, operands) => {
            operands.iter_mut().try_for_each(|operand| each_name(operand, counted, visit))
        }
        NodeKind::Negative(inner) => each_name(inner, counted, visit),
        NodeKind::Chain(first, rest) => {
            each_name(first, counted, visit)?;
            rest.iter_mut().try_for_each(|(_, operand)| each_name(operand, counted, visit))
        }
        NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Bool(_) | NodeKind::Empty => Ok(()),
    }
}

/// The keys that a path of labels means; with `record` before them where they would be read as a counted form's.
fn keys_at<'n>(
    place: Named<'n>,
    source: &str,
    names: &dyn Names,
) -> Result<(&'n mut Vec<Segment>, Vec<String>), FormulaFault> {
    let Named { segments, about } = place;
    let keys = match about {
        About::Own => keys_of(segments, source, names)?,
        About::Form => vec![form_key(segments, names)?],
        About::Counted => {
            let (first, rest) = segments.split_at(1.min(segments.len()));
            let form = form_key(first, names)?;
            let members = |path: &[&str]| names.members_of(&form, path);
            let mut keys = vec![form.clone()];
            keys.extend(keys_among(rest, &members, &|segment| {
                let (first, last) = (segments.first(), segments.last());
                let start = first.map_or(segment.span.at, |first| first.span.at);
                let end = last.map_or(segment.span.end(), |last| last.span.end());
                let span = Span::new(start, end);
                FormulaFault::new("unknown_field", span).arg("field", span.of(source))
            })?);
            keys
        }
        About::Beside(form) => {
            let mut keys = keys_of(segments, source, names)?;
            let counted = names.forms().into_iter().find(|name| name.label == form || name.key == form);
            if keys.len() > 1 && counted.is_some_and(|counted| keys.first() == Some(&counted.key)) {
                keys.insert(0, RECORD.to_string());
            }
            keys
        }
    };
    Ok((segments, keys))
}

/// The key of a form that is written by its label.
fn form_key(segments: &[Segment], names: &dyn Names) -> Result<String, FormulaFault> {
    let Some(segment) = segments.first() else {
        return Err(FormulaFault::new("formula_form", Span::default()));
    };
    let forms = names.forms();
    match meant(&segment.name, &forms) {
        Meant::One(name) => Ok(name.key.clone()),
        Meant::Several => Err(FormulaFault::new("ambiguous_name", segment.span)
            .arg("name", &segment.name)
            .arg("like", several(&segment.name, &forms))),
        Meant::Nothing => Err(FormulaFault::new("unknown_form", segment.span).arg("form", &segment.name)),
    }
}

/// What stands in the place of a path's keys on the screen, as far as they are known.
fn labels_at(place: Named, names: &dyn Names) -> Vec<(Span, String)> {
    let Named { segments, about } = place;
    let own = |path: &[&str]| names.members(path);
    let forms = || names.forms();
    let form = |key: &str| {
        let forms = forms();
        forms.iter().find(|name| name.key == key).map(|name| shown(name, &forms))
    };
    match about {
        About::Own => labels_among(segments, &own),
        About::Form | About::Counted => {
            let Some((first, rest)) = segments.split_first() else { return Vec::new() };
            let Some(label) = form(&first.name) else { return Vec::new() };
            let mut found = vec![(first.span, label)];
            found.extend(labels_among(rest, &|path| names.members_of(&first.name, path)));
            found
        }
        About::Beside(counted) => {
            let mut found = labels_among(segments, &own);
            // Where it would be read as the counted form's, it is said that the record is meant.
            let reads_as_counted =
                segments.len() > 1 && form(counted) == found.first().map(|(_, label)| label.clone());
            if reads_as_counted && let Some((_, label)) = found.first_mut() {
                let top = names.members(&[]);
                let record = top.iter().find(|name| name.key == RECORD).map(|name| shown(name, &top));
                *label = format!("{}.{label}", record.unwrap_or_else(|| RECORD.to_string()));
            }
            found
        }
    }
}

fn labels_among(segments: &[Segment], members: &dyn Fn(&[&str]) -> Vec<Name>) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let mut path: Vec<&str> = Vec::new();
    for segment in segments {
        let members = members(&path);
        let Some(name) = members.iter().find(|name| name.key == segment.name) else { break };
        found.push((segment.span, shown(name, &members)));
        path.push(&segment.name);
    }
    found
}

/// The keys that a path of labels means.
fn keys_of(segments: &[Segment], source: &str, names: &dyn Names) -> Result<Vec<String>, FormulaFault> {
    let members = |path: &[&str]| names.members(path);
    keys_among(segments, &members, &|segment| unknown(segment, segments, source, names))
}

fn keys_among(
    segments: &[Segment],
    members: &dyn Fn(&[&str]) -> Vec<Name>,
    unknown: &dyn Fn(&Segment) -> FormulaFault,
) -> Result<Vec<String>, FormulaFault> {
    let mut keys: Vec<String> = Vec::new();
    for segment in segments {
        let path: Vec<&str> = keys.iter().map(String::as_str).collect();
        let members = members(&path);
        let key = match meant(&segment.name, &members) {
            Meant::One(name) => name.key.clone(),
            Meant::Several => {
                return Err(FormulaFault::new("ambiguous_name", segment.span)
                    .arg("name", &segment.name)
                    .arg("like", several(&segment.name, &members)));
            }
            Meant::Nothing => return Err(unknown(segment)),
        };
        keys.push(key);
    }
    Ok(keys)
}

pub(super) enum Meant<'n> {
    One(&'n Name),
    Several,
    Nothing,
}

pub(super) fn meant<'n>(written: &str, members: &'n [Name]) -> Meant<'n> {
    let mut same = members.iter().filter(|name| name.label == written);
    match (same.next(), same.next()) {
        (Some(name), None) => return Meant::One(name),
        (Some(_), Some(_)) => return Meant::Several,
        (None, _) => {}
    }
    let by_key = members.iter().find(|name| name.key == written);
    let marked = || {
        let (label, key) = written.rsplit_once('#')?;
        members.iter().find(|name| name.label == label && name.key == key)
    };
    by_key.or_else(marked).map_or(Meant::Nothing, Meant::One)
}

/// How the fields of an ambiguous label can be written.
fn several(label: &str, members: &[Name]) -> String {
    let same = members.iter().filter(|name| name.label == label);
    same.map(|name| shown(name, members)).collect::<Vec<_>>().join(", ")
}

/// A field's name as it is shown in a formula.
pub(crate) fn shown(name: &Name, members: &[Name]) -> String {
    let same = |other: &&Name| other.label == name.label && other.key != name.key;
    if members.iter().any(|other| same(&other)) {
        write_name(&format!("{}#{}", name.label, name.key))
    } else {
        write_name(&name.label)
    }
}

/// The fault of a name that does not exist, with the nearest one that does.
fn unknown(segment: &Segment, segments: &[Segment], source: &str, names: &dyn Names) -> FormulaFault {
    let end = segments.last().map_or(segment.span.end(), |last| last.span.end());
    let start = segments.first().map_or(segment.span.at, |first| first.span.at);
    let path = Span::new(start, end);
    let fault = FormulaFault::new("unknown_field", path).arg("field", path.of(source));
    match nearest(&segment.name, segments, names) {
        Some(like) => {
            let mut fault = fault.arg("like", like);
            fault.code = "unknown_field_like";
            fault
        }
        None => fault,
    }
}

/// The name that has the most letters in common with `written`, if at least half of them: of the form, and of its sub-forms.
fn nearest(written: &str, segments: &[Segment], names: &dyn Names) -> Option<String> {
    let top = names.members(&[]);
    let mut candidates: Vec<(String, String)> = Vec::new();
    for name in &top {
        let label = shown(name, &top);
        if matches!(name.ty, Type::Rows) {
            let inner = names.members(&[&name.key]);
            candidates.extend(
                inner
                    .iter()
                    .map(|column| (column.label.clone(), format!("{label}.{}", shown(column, &inner)))),
            );
        }
        candidates.push((name.label.clone(), label));
    }
    let wanted = fold(segments.last().map_or(written, |last| last.name.as_str()));
    let common = |label: &str| fold(label).chars().filter(|c| wanted.contains(*c)).count();
    // Who has begun a label means that one, before any that has the same letters.
    let closeness =
        |label: &str| (fold(label).starts_with(&wanted), common(label), usize::MAX - label.chars().count());
    let best = candidates.into_iter().max_by_key(|(label, _)| closeness(label))?;
    let enough = wanted.chars().count().min(best.0.chars().count()).div_ceil(2).max(1);
    (common(&best.0) >= enough).then_some(best.1)
}

/// Puts texts in the place of others.
fn replaced(source: &str, replacements: &[(Span, String)]) -> String {
    let mut result = String::with_capacity(source.len());
    let mut chars = source.chars();
    let mut at = 0;
    for (span, text) in replacements {
        result.extend(chars.by_ref().take(span.at - at));
        chars.by_ref().take(span.length).for_each(drop);
        result.push_str(text);
        at = span.end();
    }
    result.extend(chars);
    result
}
