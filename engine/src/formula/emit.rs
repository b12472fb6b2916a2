//! From tree to rhai.
//!
//! What rhai gets is nothing but calls of registered functions and numbers of slots: no name and no text of a form
//! ever stands in it, so no word of rhai can be written by a person.

use std::fmt::Write;

use super::arguments::text_value;
use super::syntax::{Node, NodeKind, Operator};
use crate::value::Value;

/// A formula as rhai source, with what its slots hold.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub source: String,
    pub slots: Vec<Slot>,
    /// The operators of each chain.
    pub chains: Vec<Vec<Operator>>,
}

/// Where a value that is no result of an operation comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Slot {
    Literal(Value),
    Path(String),
    Parameter(String),
}

pub(super) fn emit(node: &Node) -> Program {
    let mut program = Program::default();
    program.node(node);
    program
}

impl Program {
    fn push(&mut self, text: std::fmt::Arguments) {
        // Writing to a String cannot fail.
        let _ = self.source.write_fmt(text);
    }

    fn slot(&mut self, slot: Slot) {
        let known = match slot {
            Slot::Literal(_) => None,
            Slot::Path(_) | Slot::Parameter(_) => self.slots.iter().position(|known| *known == slot),
        };
        let number = known.unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        });
        self.push(format_args!("value(cx,{number})"));
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Number(number) => self.slot(Slot::Literal(Value::Number(*number))),
            NodeKind::Text(text) => self.slot(Slot::Literal(text_value(text.as_str()))),
            NodeKind::Bool(truth) => self.slot(Slot::Literal(Value::Bool(*truth))),
            NodeKind::Empty => self.slot(Slot::Literal(Value::Empty)),
            NodeKind::Path(segments) => {
                let names: Vec<&str> = segments.iter().map(|segment| segment.name.as_str()).collect();
                self.slot(Slot::Path(names.join(".")));
            }
            NodeKind::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
                ("PARAM", [Node { kind: NodeKind::Text(key), .. }]) => {
                    self.slot(Slot::Parameter(key.clone()))
                }
                _ => {
                    self.push(format_args!("{name}(cx,["));
                    self.list(arguments.iter());
                    self.push(format_args!("])"));
                }
            },
            NodeKind::Figure(number, operands) => {
                self.push(format_args!("figure(cx,{number},["));
                self.list(operands.iter());
                self.push(format_args!("])"));
            }
            NodeKind::Negative(inner) => {
                self.push(format_args!("negative(cx,["));
                self.node(inner);
                self.push(format_args!("])"));
            }
            NodeKind::Chain(first, rest) => {
                self.chains.push(rest.iter().map(|(operator, _)| *operator).collect());
                let number = self.chains.len() - 1;
                self.push(format_args!("chain(cx,{number},["));
                self.list(std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)));
                self.push(format_args!("])"));
            }
        }
    }

    fn list<'n>(&mut self, nodes: impl Iterator<Item = &'n Node>) {
        for (place, node) in nodes.enumerate() {
            if place > 0 {
                self.push(format_args!(","));
            }
            self.node(node);
        }
    }
}
