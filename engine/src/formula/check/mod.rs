//! The types of a formula's parts, against the names around it.

mod figure;

use super::fault::{FormulaFault, Span};
use super::figure::{Figure, FigureFunction, MAPX};
use super::functions::{self, Function, Takes, Topic};
use super::scope::Scope;
use super::syntax::{Node, NodeKind, Operator, Segment};
use super::types::Type;

/// Functions over the rows of a report, or of a sub-form, in their order: they are read like names, since only what is around
/// the formula has the rows. Those of sub-forms are in the list of functions too, with their help.
pub const ROW_FUNCTIONS: [&str; 4] = ["PREV", "RUNNING", "TOTAL", "SHARE"];

/// What is known of a formula that has no fault.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    /// The paths that it reads, each once, in order of appearance.
    pub reads: Vec<String>,
    /// Whether it reads the clock, the person, or something live.
    pub live: bool,
    /// What it asks of other forms, in order of appearance.
    pub figures: Vec<Figure>,
    /// Whether its value comes by chance.
    pub random: bool,
    /// Whether it says what people and departments are called.
    pub names: bool,
    /// The first text in it that the function whose argument it is does not know.
    pub unknown_literal: Option<FormulaFault>,
}

/// Checks that a formula gives what is wanted, and finds what it reads. `PREV(x)` and its kin become paths.
///
/// # Errors
/// The first fault, from left to right.
pub(super) fn check(
    node: &mut Node,
    source: &str,
    scope: &dyn Scope,
    wanted: &Type,
) -> Result<Findings, FormulaFault> {
    let mut checker = Checker { source, scope, findings: Findings::default() };
    checker.typed(node, wanted)?;
    Ok(checker.findings)
}

/// What a formula gives, whatever is wanted of it.
///
/// # Errors
/// The first fault, from left to right.
pub(super) fn given(node: &mut Node, source: &str, scope: &dyn Scope) -> Result<Type, FormulaFault> {
    let mut checker = Checker { source, scope, findings: Findings::default() };
    checker.typed(node, &Type::Any)
}

struct Checker<'a> {
    source: &'a str,
    scope: &'a dyn Scope,
    findings: Findings,
}

impl Checker<'_> {
    /// The type of a part, which must fit `wanted`.
    fn typed(&mut self, node: &mut Node, wanted: &Type) -> Result<Type, FormulaFault> {
        let span = node.span;
        if let NodeKind::Call(name, arguments) = &node.kind
            && name == MAPX
        {
            *node = self.mapped(arguments, span)?;
        }
        if let NodeKind::Call(name, _) = &node.kind
            && let Some(function) = FigureFunction::named(name)
        {
            let (kind, found) = self.figure(function, node)?;
            node.kind = kind;
            return fitting(found, wanted, span);
        }
        if matches!(&node.kind, NodeKind::Call(name, arguments) if name == "RECNO" && arguments.is_empty()) {
            node.kind = self.place_among_records(span)?;
            return fitting(Type::Number, wanted, span);
        }
        let found = match &mut node.kind {
            NodeKind::Number(_) => Type::Number,
            NodeKind::Text(_) => Type::Text,
            NodeKind::Bool(_) => Type::Bool,
            // A figure that was checked before; nothing is checked twice.
            NodeKind::Empty | NodeKind::Figure(..) => Type::Any,
            NodeKind::Path(segments) => self.path(segments, span)?,
            NodeKind::Negative(inner) => {
                let found = self.typed(inner, &Type::Any)?;
                if !matches!(found, Type::Number | Type::Any) {
                    return Err(self.bad_operand("-", &found, inner.span));
                }
                Type::Number
            }
            NodeKind::Chain(first, rest) => self.chain(first, rest)?,
            NodeKind::Call(name, arguments) => {
                let is_sum = name.as_str() == "RUNNING";
                if let Some((path, resolved)) = self.over_rows(name, arguments) {
                    let (kind, found) = match resolved {
                        // What is read is each of them, up to here.
                        Type::List(item) if is_sum => {
                            let path = Node::new(NodeKind::Path(path), span);
                            (NodeKind::Call("SUM".into(), vec![path]), *item)
                        }
                        one => (NodeKind::Path(path), one),
                    };
                    node.kind = kind;
                    found
                } else {
                    let function = functions::find(name)
                        .ok_or_else(|| FormulaFault::new("unknown_function", span).arg("function", &*name))?;
                    let found = self.call(function, arguments, span, wanted)?;
                    if function.over_rows {
                        return Err(
                            FormulaFault::new("formula_over_rows", span).arg("function", function.name)
                        );
                    }
                    found
                }
            }
        };
        fitting(found, wanted, span)
    }

    fn path(&mut self, segments: &[Segment], span: Span) -> Result<Type, FormulaFault> {
        let names: Vec<&str> = segments.iter().map(|segment| segment.name.as_str()).collect();
        let Some(resolved) = self.scope.resolve(&names) else {
            return Err(FormulaFault::new("unknown_field", span).arg("field", span.of(self.source)));
        };
        self.read(names.join("."), resolved.live);
        Ok(resolved.ty)
    }

    fn read(&mut self, path: String, live: bool) {
        self.findings.live |= live;
        if !self.findings.reads.contains(&path) {
            self.findings.reads.push(path);
        }
    }

    /// `PREV(x)` where the scope knows it.
    fn over_rows(&mut self, name: &str, arguments: &[Node]) -> Option<(Vec<Segment>, Type)> {
        if !ROW_FUNCTIONS.contains(&name) {
            return None;
        }
        let [Node { kind: NodeKind::Path(inner), span }] = arguments else { return None };
        let mut path = vec![Segment { name: name.to_string(), span: *span }];
        path.extend(inner.iter().cloned());
        let names: Vec<&str> = path.iter().map(|segment| segment.name.as_str()).collect();
        let resolved = self.scope.resolve(&names)?;
        self.read(names.join("."), resolved.live);
        Some((path, resolved.ty))
    }

    fn chain(&mut self, first: &mut Node, rest: &mut [(Operator, Node)]) -> Result<Type, FormulaFault> {
        let mut left = self.typed(first, &Type::Any)?;
        let mut left_span = first.span;
        for (operator, right) in rest {
            if !operator.takes_left(&left) {
                return Err(self.bad_operand(operator.sign(), &left, left_span));
            }
            let found = self.typed(right, &Type::Any)?;
            left = operator.result_type(&left, &found).ok_or_else(|| {
                FormulaFault::new("formula_operands", right.span)
                    .arg("operator", operator.sign())
                    .arg("left", left.code())
                    .arg("right", found.code())
            })?;
            left_span = Span::new(left_span.at, right.span.end());
        }
        Ok(left)
    }

    fn bad_operand(&self, operator: &str, found: &Type, span: Span) -> FormulaFault {
        FormulaFault::new("formula_operand", span).arg("operator", operator).arg("found", found.code())
    }

    fn call(
        &mut self,
        function: &'static Function,
        arguments: &mut [Node],
        span: Span,
        wanted: &Type,
    ) -> Result<Type, FormulaFault> {
        let count = arguments.len();
        if !function.takes_count(count) {
            return Err(arity_fault(function, count, span));
        }
        self.findings.live |= function.live;
        self.findings.random |= function.random;
        self.findings.names |= function.topic == Topic::People;
        let mut types = Vec::with_capacity(count);
        for (place, argument) in arguments.iter_mut().enumerate() {
            let takes = function.takes(place, count).unwrap_or(Takes::Anything);
            if takes == Takes::Key {
                return self.parameter(argument);
            }
            let wanted = if takes == Takes::Branch { wanted } else { &Type::Any };
            let found = self.typed(argument, wanted)?;
            if !found.suits(takes) {
                return Err(FormulaFault::new("formula_argument", argument.span)
                    .arg("function", function.name)
                    .arg("place", place + 1)
                    .arg("expected", takes.code())
                    .arg("found", found.code()));
            }
            types.push(found);
        }
        if let Some((place, is_known)) = function.literal
            && let Some(Node { kind: NodeKind::Text(text), span }) = arguments.get(place)
            && !is_known(text, &types)
            && self.findings.unknown_literal.is_none()
        {
            let fault = FormulaFault::new("formula_literal", *span);
            let fault = fault.arg("function", function.name).arg("text", text);
            self.findings.unknown_literal = Some(fault);
        }
        Ok(function.result_type(&types))
    }

    /// The key of an app parameter stands in the formula itself, so that a wrong one is found now.
    fn parameter(&mut self, argument: &Node) -> Result<Type, FormulaFault> {
        let NodeKind::Text(key) = &argument.kind else {
            return Err(FormulaFault::new("formula_parameter", argument.span));
        };
        self.scope
            .parameter(key)
            .ok_or_else(|| FormulaFault::new("unknown_parameter", argument.span).arg("parameter", key))
    }
}

/// The type that was found, where it does for what is wanted.
fn fitting(found: Type, wanted: &Type, span: Span) -> Result<Type, FormulaFault> {
    if found.fits(wanted) {
        return Ok(found);
    }
    Err(FormulaFault::new("formula_type", span).arg("expected", wanted.code()).arg("found", found.code()))
}

fn arity_fault(function: &Function, count: usize, span: Span) -> FormulaFault {
    let fault = FormulaFault::new("formula_arity", span).arg("function", function.name).arg("count", count);
    match function.max_arguments() {
        Some(max) => fault.arg("min", function.min_arguments()).arg("max", max),
        None => fault.arg("min", function.min_arguments()).arg("max", "…"),
    }
}
