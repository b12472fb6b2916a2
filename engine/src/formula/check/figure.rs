//! SUMOF and its kin: what they ask of another form, and of which records.

use super::{Checker, arity_fault};
use crate::criteria;
use crate::formula::fault::{FormulaFault, Span};
use crate::formula::figure::{
    FieldOf, Figure, FigureFunction, FigureOperand, FigurePart, MAPX, behind, form_of, mentions,
};
use crate::formula::functions;
use crate::formula::scope::Scope;
use crate::formula::syntax::{Node, NodeKind, Operator, Segment};
use crate::formula::types::Type;
use crate::value::Decimal;

/// Figures of one formula at most: each is a question to the database.
const MOST_FIGURES: usize = 20;

impl Checker<'_> {
    /// Checks one call, and gives what stands for it in the formula from here on, with its type.
    pub(super) fn figure(
        &mut self,
        function: FigureFunction,
        node: &Node,
    ) -> Result<(NodeKind, Type), FormulaFault> {
        let NodeKind::Call(name, arguments) = &node.kind else {
            return Err(FormulaFault::new("unknown_function", node.span).arg("function", function.name()));
        };
        let entry = functions::find(name)
            .ok_or_else(|| FormulaFault::new("unknown_function", node.span).arg("function", name))?;
        if !entry.takes_count(arguments.len()) {
            return Err(arity_fault(entry, arguments.len(), node.span));
        }
        let place = arguments.first().map_or(node.span, |first| first.span);
        let form = form_of(name, arguments)
            .ok_or_else(|| FormulaFault::new("formula_form", place).arg("function", function.name()))?;
        let scope = self.scope;
        let records = scope
            .records(&form.name)
            .ok_or_else(|| FormulaFault::new("unknown_form", place).arg("form", &form.name))?;
        let mut reader =
            Reader { checker: &mut *self, records: &*records, form: &form.name, operands: Vec::new() };
        let condition = match arguments.get(1) {
            Some(condition) => reader.part(condition)?,
            None => FigurePart::All(Vec::new()),
        };
        let (value, ty) = match arguments.get(2) {
            None => (None, Type::Number),
            Some(value) => {
                let (field, found) = reader.field(value)?;
                (Some(field), given(function, &found, value.span)?)
            }
        };
        let operands = reader.operands;
        let number = self.findings.figures.len();
        if number == MOST_FIGURES {
            return Err(FormulaFault::new("too_many_figures", node.span).arg("max", MOST_FIGURES));
        }
        self.findings.live = true;
        self.findings.figures.push(Figure {
            function,
            form: form.name.clone(),
            condition,
            value,
            written: node.to_string().into(),
            form_span: form.span,
        });
        Ok((NodeKind::Figure(number, operands), ty))
    }
}

impl Checker<'_> {
    /// A call of MAPX as that of SUMOF or of one of its kin, with a condition over one field.
    pub(super) fn mapped(&self, arguments: &[Node], span: Span) -> Result<Node, FormulaFault> {
        let [operation, value, matched, result] = arguments else {
            let unknown = || FormulaFault::new("unknown_function", span).arg("function", MAPX);
            let entry = functions::find(MAPX).ok_or_else(unknown)?;
            return Err(arity_fault(entry, arguments.len(), span));
        };
        let said = match &operation.kind {
            NodeKind::Text(said) => FigureFunction::said(said),
            _ => None,
        };
        let function = said.ok_or_else(|| {
            FormulaFault::new("formula_literal", operation.span)
                .arg("function", MAPX)
                .arg("text", operation.span.of(self.source))
        })?;
        let form = form_of(MAPX, arguments).ok_or_else(|| {
            FormulaFault::new("formula_field_of", matched.span).arg("form", matched.span.of(self.source))
        })?;
        let counted = Node::new(NodeKind::Path(vec![form.clone()]), form.span);
        let is_same = NodeKind::Chain(Box::new(matched.clone()), vec![(Operator::Equal, value.clone())]);
        let condition = Node::new(is_same, Span::new(value.span.at, matched.span.end()));
        let call = NodeKind::Call(function.name().to_string(), vec![counted, condition, result.clone()]);
        Ok(Node::new(call, span))
    }

    /// The place of this record among those of its form, by the time at which they were made: as many as were made before
    /// it, and one. What is new comes after all of them.
    pub(super) fn place_among_records(&mut self, span: Span) -> Result<NodeKind, FormulaFault> {
        const MADE: &str = "$created_at";
        let here = |field: &str| Segment { name: field.to_string(), span };
        let unknown = || FormulaFault::new("unknown_function", span).arg("function", "RECNO");
        let scope = self.scope;
        scope.records("").ok_or_else(unknown)?;
        let made = Node::new(NodeKind::Path(vec![here(MADE)]), span);
        let mut is_new = Node::new(NodeKind::Call("ISEMPTY".into(), vec![made.clone()]), span);
        let mut made = made;
        self.typed(&mut is_new, &Type::Bool)?;
        self.typed(&mut made, &Type::Any)?;
        let before = FigurePart::Test {
            field: FieldOf { path: MADE.to_string(), span },
            op: criteria::Operator::Lt,
            operand: FigureOperand::Own(1),
        };
        let number = self.findings.figures.len();
        self.findings.live = true;
        self.findings.figures.push(Figure {
            function: FigureFunction::Count,
            form: String::new(),
            condition: FigurePart::Any(vec![FigurePart::Own(0), before]),
            value: None,
            written: "RECNO()".into(),
            form_span: span,
        });
        let figure = Node::new(NodeKind::Figure(number, vec![is_new, made]), span);
        let one = Node::new(NodeKind::Number(Decimal::ONE), span);
        Ok(NodeKind::Chain(Box::new(figure), vec![(Operator::Add, one)]))
    }
}

/// What a function makes of values of a type.
fn given(function: FigureFunction, found: &Type, span: Span) -> Result<Type, FormulaFault> {
    let fits = match function {
        FigureFunction::Sum | FigureFunction::Avg => matches!(found, Type::Number | Type::Any),
        FigureFunction::Min | FigureFunction::Max => {
            matches!(found, Type::Number | Type::Any | Type::Date | Type::DateTime | Type::Time)
        }
        FigureFunction::Count | FigureFunction::First | FigureFunction::Last => found.is_single(),
    };
    if !fits {
        let expected = match function {
            FigureFunction::Sum | FigureFunction::Avg => "number",
            FigureFunction::Min | FigureFunction::Max => "ordered",
            FigureFunction::Count | FigureFunction::First | FigureFunction::Last => "single",
        };
        return Err(FormulaFault::new("formula_argument", span)
            .arg("function", function.name())
            .arg("place", 3)
            .arg("expected", expected)
            .arg("found", found.code()));
    }
    Ok(match function {
        FigureFunction::Sum | FigureFunction::Avg | FigureFunction::Count => Type::Number,
        FigureFunction::Min | FigureFunction::Max | FigureFunction::First | FigureFunction::Last => {
            found.clone()
        }
    })
}

/// Reads a condition over the records of the form `form`.
struct Reader<'r, 'c> {
    checker: &'r mut Checker<'c>,
    records: &'r dyn Scope,
    form: &'r str,
    /// What this record says, in order.
    operands: Vec<Node>,
}

impl Reader<'_, '_> {
    fn part(&mut self, node: &Node) -> Result<FigurePart, FormulaFault> {
        match &node.kind {
            NodeKind::Bool(true) => Ok(FigurePart::All(Vec::new())),
            NodeKind::Bool(false) => Ok(FigurePart::Any(Vec::new())),
            NodeKind::Call(name, parts) if name == "AND" => self.parts(parts).map(FigurePart::All),
            NodeKind::Call(name, parts) if name == "OR" => self.parts(parts).map(FigurePart::Any),
            NodeKind::Call(name, parts) if name == "NOT" => match parts.as_slice() {
                [part] => Ok(FigurePart::Not(Box::new(self.part(part)?))),
                _ => Err(self.unclear(node)),
            },
            _ if !mentions(node, self.form) => {
                let (number, _) = self.own(node, &Type::Bool)?;
                Ok(FigurePart::Own(number))
            }
            NodeKind::Path(_) => self.switched_on(node),
            NodeKind::Chain(first, rest) => match rest.as_slice() {
                [(operator, right)] => self.comparison(node, first, *operator, right),
                _ => Err(self.unclear(node)),
            },
            NodeKind::Call(name, arguments) => self.call(node, name, arguments),
            NodeKind::Number(_)
            | NodeKind::Text(_)
            | NodeKind::Empty
            | NodeKind::Negative(_)
            | NodeKind::Figure(..) => Err(self.unclear(node)),
        }
    }

    fn parts(&mut self, nodes: &[Node]) -> Result<Vec<FigurePart>, FormulaFault> {
        nodes.iter().map(|node| self.part(node)).collect()
    }

    /// A switch of the other form by itself.
    fn switched_on(&mut self, node: &Node) -> Result<FigurePart, FormulaFault> {
        let (field, found) = self.field(node)?;
        if !matches!(found, Type::Bool | Type::Any) {
            return Err(FormulaFault::new("formula_type", node.span)
                .arg("expected", Type::Bool.code())
                .arg("found", found.code()));
        }
        let on = self.push(Node::new(NodeKind::Bool(true), node.span));
        Ok(FigurePart::Test { field, op: criteria::Operator::Eq, operand: FigureOperand::Own(on) })
    }

    /// A field on one side at least, with what this record says or another field on the other.
    fn comparison(
        &mut self,
        node: &Node,
        left: &Node,
        operator: Operator,
        right: &Node,
    ) -> Result<FigurePart, FormulaFault> {
        let (field, other, operator) = match (self.is_field(left), self.is_field(right)) {
            (true, _) => (left, right, operator),
            (false, true) => (right, left, mirrored(operator)),
            (false, false) => return Err(self.unclear(node)),
        };
        let op = tested(operator).ok_or_else(|| self.unclear(node))?;
        if is_nothing(other) {
            let op = match op {
                criteria::Operator::Eq => criteria::Operator::IsEmpty,
                criteria::Operator::Ne => criteria::Operator::NotEmpty,
                _ => return Err(self.unclear(other)),
            };
            let (field, _) = self.field(field)?;
            return Ok(FigurePart::Test { field, op, operand: FigureOperand::Nothing });
        }
        let (field, found) = self.field(field)?;
        let (operand, with) = if self.is_field(other) {
            let (other, with) = self.field(other)?;
            (FigureOperand::Field(other), with)
        } else {
            let (number, with) = self.own(other, &Type::Any)?;
            (FigureOperand::Own(number), with)
        };
        self.compares(operator, &found, &with, other.span)?;
        Ok(FigurePart::Test { field, op, operand })
    }

    /// Whether the two can be held against each other. A day of another form can't be held against an instant: which
    /// of the two is meant must be said.
    fn compares(
        &self,
        operator: Operator,
        field: &Type,
        with: &Type,
        span: Span,
    ) -> Result<(), FormulaFault> {
        let refused = matches!((field, with), (Type::Date, Type::DateTime))
            || operator.result_type(field, with).is_none();
        if !refused {
            return Ok(());
        }
        Err(FormulaFault::new("formula_operands", span)
            .arg("operator", operator.sign())
            .arg("left", field.code())
            .arg("right", with.code()))
    }

    /// Functions that a condition knows.
    fn call(&mut self, node: &Node, name: &str, arguments: &[Node]) -> Result<FigurePart, FormulaFault> {
        use criteria::Operator as Op;
        let Some((first, rest)) = arguments.split_first().filter(|(first, _)| self.is_field(first)) else {
            return Err(self.unclear(node));
        };
        let (field, found) = self.field(first)?;
        let op = match (name, rest.len()) {
            ("ISEMPTY" | "ISBLANK", 0) => {
                return Ok(FigurePart::Test { field, op: Op::IsEmpty, operand: FigureOperand::Nothing });
            }
            ("CONTAINS", 1) if found.is_single() => Op::Contains,
            ("CONTAINS" | "HASANY", 1) if !found.is_single() => Op::HasAny,
            ("HASALL", 1) if !found.is_single() => Op::HasAll,
            ("STARTSWITH", 1) => Op::StartsWith,
            ("ENDSWITH", 1) => Op::EndsWith,
            ("BETWEEN", 2) => Op::Between,
            _ => return Err(self.unclear(node)),
        };
        let mut numbers = Vec::with_capacity(rest.len());
        for argument in rest {
            if mentions(argument, self.form) {
                return Err(self.unclear(argument));
            }
            let (number, with) = self.own(argument, &Type::Any)?;
            match op {
                Op::Between => self.compares(Operator::LessOrEqual, &found, &with, argument.span)?,
                Op::HasAny | Op::HasAll => {
                    self.compares(Operator::Equal, found.item(), with.item(), argument.span)?;
                }
                _ => self.compares(Operator::Equal, &Type::Text, &with, argument.span)?,
            }
            numbers.push(number);
        }
        let operand = match numbers.as_slice() {
            [from, to] => FigureOperand::Between(*from, *to),
            [one] => FigureOperand::Own(*one),
            _ => FigureOperand::Nothing,
        };
        Ok(FigurePart::Test { field, op, operand })
    }

    fn is_field(&self, node: &Node) -> bool {
        matches!(&node.kind, NodeKind::Path(segments) if behind(segments, self.form).is_some())
    }

    /// A field of the other form, and its type: in the rows of a sub-form that of one row.
    fn field(&self, node: &Node) -> Result<(FieldOf, Type), FormulaFault> {
        let path = match &node.kind {
            NodeKind::Path(segments) => behind(segments, self.form),
            _ => None,
        };
        let Some(path) = path else {
            return Err(FormulaFault::new("formula_field_of", node.span).arg("form", self.form));
        };
        let names: Vec<&str> = path.iter().map(|segment| segment.name.as_str()).collect();
        let resolved = self.records.resolve(&names).ok_or_else(|| {
            FormulaFault::new("unknown_field", node.span).arg("field", node.span.of(self.checker.source))
        })?;
        Ok((FieldOf { path: names.join("."), span: node.span }, resolved.ty))
    }

    /// What this record says: a formula of its own.
    fn own(&mut self, node: &Node, wanted: &Type) -> Result<(usize, Type), FormulaFault> {
        if mentions(node, self.form) {
            return Err(self.unclear(node));
        }
        let mut operand = node.clone();
        let found = self.checker.typed(&mut operand, wanted)?;
        Ok((self.push(operand), found))
    }

    fn push(&mut self, operand: Node) -> usize {
        self.operands.push(operand);
        self.operands.len() - 1
    }

    fn unclear(&self, node: &Node) -> FormulaFault {
        FormulaFault::new("formula_condition", node.span).arg("form", self.form)
    }
}

fn is_nothing(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Empty => true,
        NodeKind::Call(name, arguments) => name == "EMPTY" && arguments.is_empty(),
        _ => false,
    }
}

/// The operator with its sides changed.
fn mirrored(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::LessOrEqual => Operator::GreaterOrEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterOrEqual => Operator::LessOrEqual,
        other => other,
    }
}

/// The operator of conditions.
fn tested(operator: Operator) -> Option<criteria::Operator> {
    Some(match operator {
        Operator::Equal => criteria::Operator::Eq,
        Operator::NotEqual => criteria::Operator::Ne,
        Operator::Less => criteria::Operator::Lt,
        Operator::LessOrEqual => criteria::Operator::Lte,
        Operator::Greater => criteria::Operator::Gt,
        Operator::GreaterOrEqual => criteria::Operator::Gte,
        Operator::Add
        | Operator::Subtract
        | Operator::Multiply
        | Operator::Divide
        | Operator::Power
        | Operator::Join => return None,
    })
}
