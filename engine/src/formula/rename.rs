//! Between the labels that people write and the keys that are stored.
//!
//! Only the names are replaced; everything else stays as it was written, spaces included. A label that several fields
//! have is written `[label#key]`.

use super::Type;
use super::check;
use super::fault::{FormulaFault, Span};
use super::parse::parse;
use super::scope::{Name, Names, Scope};
use super::syntax::{Node, NodeKind, Segment, write_name};

/// The formula with keys, from one with labels. Keys are understood too, where no label is the same.
///
/// # Errors
/// What can't be understood, and `unknown_field` or `ambiguous_name` for a name.
pub fn to_keys(source: &str, names: &dyn Names) -> Result<String, FormulaFault> {
    let node = parse(source)?;
    let mut replacements = Vec::new();
    let mut fault = None;
    node.each_path(&mut |segments| match keys_of(segments, source, names) {
        Ok(keys) => {
            let written = keys.iter().map(|key| write_name(key));
            replacements.extend(segments.iter().map(|segment| segment.span).zip(written));
        }
        Err(found) => drop(fault.get_or_insert(found)),
    });
    match fault {
        Some(fault) => Err(fault),
        None => Ok(replaced(source, &replacements)),
    }
}

/// The formula with labels, from one with keys. A name that no longer exists stays as it is; so does a source that
/// can't be read.
pub fn to_labels(source: &str, names: &dyn Names) -> String {
    let Ok(node) = parse(source) else { return source.to_string() };
    let mut replacements = Vec::new();
    node.each_path(&mut |segments| {
        let mut path: Vec<&str> = Vec::new();
        for segment in segments {
            let members = names.members(&path);
            let Some(name) = members.iter().find(|name| name.key == segment.name) else { break };
            replacements.push((segment.span, shown(name, &members)));
            path.push(&segment.name);
        }
    });
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
    let keys = to_keys(source, names)?;
    let mut node = parse(source)?;
    rename(&mut node, source, names)?;
    check::check(&mut node, source, scope, wanted)?;
    Ok(keys)
}

/// Puts keys in place of labels, and keeps the places.
fn rename(node: &mut Node, source: &str, names: &dyn Names) -> Result<(), FormulaFault> {
    match &mut node.kind {
        NodeKind::Path(segments) => {
            let keys = keys_of(segments, source, names)?;
            segments.iter_mut().zip(keys).for_each(|(segment, key)| segment.name = key);
            Ok(())
        }
        NodeKind::Call(_, arguments) => {
            arguments.iter_mut().try_for_each(|argument| rename(argument, source, names))
        }
        NodeKind::Negative(inner) => rename(inner, source, names),
        NodeKind::Chain(first, rest) => {
            rename(first, source, names)?;
            rest.iter_mut().try_for_each(|(_, operand)| rename(operand, source, names))
        }
        NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Bool(_) | NodeKind::Empty => Ok(()),
    }
}

/// The keys that a path of labels means.
fn keys_of(segments: &[Segment], source: &str, names: &dyn Names) -> Result<Vec<String>, FormulaFault> {
    let mut keys: Vec<String> = Vec::new();
    for segment in segments {
        let path: Vec<&str> = keys.iter().map(String::as_str).collect();
        let members = names.members(&path);
        let key = match meant(&segment.name, &members) {
            Meant::One(name) => name.key.clone(),
            Meant::Several => {
                return Err(FormulaFault::new("ambiguous_name", segment.span)
                    .arg("name", &segment.name)
                    .arg("like", several(&segment.name, &members)));
            }
            Meant::Nothing => return Err(unknown(segment, segments, source, names)),
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
pub(super) fn shown(name: &Name, members: &[Name]) -> String {
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
    let wanted = segments.last().map_or(written, |last| last.name.as_str());
    let common = |label: &str| label.chars().filter(|c| wanted.contains(*c)).count();
    let best = candidates
        .into_iter()
        .max_by_key(|(label, _)| (common(label), usize::MAX - label.chars().count()))?;
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
