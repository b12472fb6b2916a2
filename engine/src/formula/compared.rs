//! Texts that are held against a field: what a choice is called stands for its key.

use super::fault::Span;
use super::figure::form_of;
use super::syntax::{Node, NodeKind, Operator, Segment};

/// The signs that a criterion of SUMIF and its kin may begin with.
const SIGNS: [&str; 4] = ["<>", "!=", "==", "="];

/// Hears the names of a path, a text that is held against what stands there, and where that text is written.
type Visit<'v> = dyn FnMut(&[&str], &mut String, Span) + 'v;

/// Visits each text that is held against what stands at a path: by a sign, in a criterion, as a case. What is asked of
/// other forms is left out: their conditions know choices by both.
pub(super) fn each_compared(node: &mut Node, visit: &mut Visit) {
    match &mut node.kind {
        NodeKind::Chain(first, rest) => {
            let mut left: &mut Node = first;
            for (operator, right) in rest.iter_mut() {
                if matches!(operator, Operator::Equal | Operator::NotEqual) {
                    pair(left, right, visit);
                    pair(right, left, visit);
                }
                left = right;
            }
            each_compared(first, visit);
            rest.iter_mut().for_each(|(_, operand)| each_compared(operand, visit));
        }
        NodeKind::Call(name, arguments) => {
            if form_of(name, arguments).is_some() {
                return;
            }
            for (path, text) in held_against(name, arguments.len()) {
                let path = arguments.get(path).cloned();
                if let (Some(path), Some(text)) = (path, arguments.get_mut(text)) {
                    pair(&path, text, visit);
                }
            }
            arguments.iter_mut().for_each(|argument| each_compared(argument, visit));
        }
        NodeKind::Negative(inner) => each_compared(inner, visit),
        NodeKind::Figure(..)
        | NodeKind::Path(_)
        | NodeKind::Number(_)
        | NodeKind::Text(_)
        | NodeKind::Bool(_)
        | NodeKind::Empty => {}
    }
}

fn pair(path: &Node, text: &mut Node, visit: &mut Visit) {
    let span = text.span;
    if let (NodeKind::Path(path), NodeKind::Text(said)) = (&path.kind, &mut text.kind) {
        let names: Vec<&str> = path.iter().map(|segment: &Segment| segment.name.as_str()).collect();
        visit(&names, said, span);
    }
}

/// Which arguments of a function are a value and what it is held against, by their places.
fn held_against(function: &str, count: usize) -> Vec<(usize, usize)> {
    let pairs_from = |first: usize| (first..count).step_by(2).map(|place| (place, place + 1)).collect();
    match function {
        "COUNTIF" | "SUMIF" | "AVERAGEIF" => vec![(0, 1)],
        "COUNTIFS" => pairs_from(0),
        "SUMIFS" | "AVERAGEIFS" | "MINIFS" | "MAXIFS" => pairs_from(1),
        // Behind each case stands what it gives; a last argument by itself is for all others.
        "SWITCH" => (1..count.saturating_sub(1)).step_by(2).map(|place| (0, place)).collect(),
        _ => Vec::new(),
    }
}

/// What stands for `said`, which may have the sign of a criterion before it.
pub(super) fn choice_said(said: &str, find: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let signed = || {
        let sign = SIGNS.iter().find(|sign| said.starts_with(**sign))?;
        Some(format!("{sign}{}", find(said.strip_prefix(sign)?)?))
    };
    find(said).or_else(signed)
}
