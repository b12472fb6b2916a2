//! A formula as a tree.

use std::fmt;

use super::fault::Span;
use super::lex::is_plain_name;
use crate::value::Decimal;

/// One part of a formula, with its place in the source. Equality ignores places.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: NodeKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    Number(Decimal),
    Text(String),
    Bool(bool),
    Empty,
    /// `lines.qty`: the names and where each stands, brackets included.
    Path(Vec<Segment>),
    /// A function by its upper-case name; `and`, `or`, `not` are the functions AND, OR, NOT.
    Call(String, Vec<Node>),
    Negative(Box<Node>),
    /// Operators of one level of precedence, applied from left to right. They are kept flat, so that a sum of a
    /// thousand parts is no deeper than one of two.
    Chain(Box<Node>, Vec<(Operator, Node)>),
    /// A checked call of SUMOF or its kin: its number among the formula's figures, and what it is told of this record.
    Figure(usize, Vec<Node>),
}

/// One name of a path.
#[derive(Clone, Debug)]
pub struct Segment {
    pub name: String,
    pub span: Span,
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.kind == other.kind
    }
}

impl PartialEq for Segment {
    fn eq(&self, other: &Segment) -> bool {
        self.name == other.name
    }
}

impl Node {
    pub(super) fn new(kind: NodeKind, span: Span) -> Node {
        Node { kind, span }
    }

    /// Visits every path, from left to right.
    pub fn each_path<'n>(&'n self, visit: &mut dyn FnMut(&'n [Segment])) {
        match &self.kind {
            NodeKind::Path(segments) => visit(segments),
            NodeKind::Call(_, arguments) | NodeKind::Figure(_, arguments) => {
                arguments.iter().for_each(|argument| argument.each_path(visit));
            }
            NodeKind::Negative(inner) => inner.each_path(visit),
            NodeKind::Chain(first, rest) => {
                first.each_path(visit);
                rest.iter().for_each(|(_, operand)| operand.each_path(visit));
            }
            NodeKind::Number(_) | NodeKind::Text(_) | NodeKind::Bool(_) | NodeKind::Empty => {}
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Join,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    pub const ALL: [Operator; 12] = [
        Operator::Add,
        Operator::Subtract,
        Operator::Multiply,
        Operator::Divide,
        Operator::Power,
        Operator::Join,
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
    ];

    pub fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Power => "^",
            Operator::Join => "&",
            Operator::Equal => "=",
            Operator::NotEqual => "<>",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
        }
    }

    /// How tightly it binds; only unary minus binds tighter than the highest.
    pub(super) fn level(self) -> Level {
        match self {
            Operator::Power => Level::Power,
            Operator::Multiply | Operator::Divide => Level::Product,
            Operator::Add | Operator::Subtract => Level::Sum,
            Operator::Join => Level::Join,
            Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => Level::Comparison,
        }
    }
}

/// The levels of precedence of operators with signs, lowest first (semantics.md 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Comparison,
    Join,
    Sum,
    Product,
    Power,
}

impl Level {
    pub fn next(self) -> Option<Level> {
        match self {
            Level::Comparison => Some(Level::Join),
            Level::Join => Some(Level::Sum),
            Level::Sum => Some(Level::Product),
            Level::Product => Some(Level::Power),
            Level::Power => None,
        }
    }
}

/// Writes a name so that it is read as one.
pub(super) fn write_name(name: &str) -> String {
    if is_plain_name(name) { name.to_string() } else { format!("[{}]", name.replace(']', "]]")) }
}

/// The formula as source; reading it gives the same tree.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            NodeKind::Number(number) => write!(f, "{number}"),
            NodeKind::Text(text) => write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\"")),
            NodeKind::Bool(true) => f.write_str("TRUE"),
            NodeKind::Bool(false) => f.write_str("FALSE"),
            NodeKind::Empty => f.write_str("EMPTY"),
            NodeKind::Path(segments) => {
                for (place, segment) in segments.iter().enumerate() {
                    if place > 0 {
                        f.write_str(".")?;
                    }
                    f.write_str(&write_name(&segment.name))?;
                }
                Ok(())
            }
            NodeKind::Call(name, arguments) => call(name, arguments, f),
            NodeKind::Figure(number, operands) => call(&format!("#{number}"), operands, f),
            NodeKind::Negative(inner) => {
                f.write_str("-")?;
                operand(inner, f)
            }
            NodeKind::Chain(first, rest) => {
                operand(first, f)?;
                for (operator, right) in rest {
                    write!(f, " {} ", operator.sign())?;
                    operand(right, f)?;
                }
                Ok(())
            }
        }
    }
}

fn call(name: &str, arguments: &[Node], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name}(")?;
    for (place, argument) in arguments.iter().enumerate() {
        if place > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{argument}")?;
    }
    f.write_str(")")
}

fn operand(node: &Node, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let NodeKind::Chain(..) = node.kind { write!(f, "({node})") } else { write!(f, "{node}") }
}
