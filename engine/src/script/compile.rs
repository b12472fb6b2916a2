//! Reading a script: its syntax, what of the language it uses, and what it reads and writes as far as its text says.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, BinaryExpr, Expr, FnCallExpr, Position, Stmt};

use super::functions::{AGGREGATE, is_condition};
use super::machine;
use super::offered::{Looks, offered};
use crate::text::{Fault, Faults};

/// Bytes of a script at most: reading one takes more than its length.
pub const LONGEST: usize = 32 << 10;

/// Arguments of a function at most.
const MOST_ARGUMENTS: usize = 3;

/// A script that can be run.
#[derive(Debug)]
pub struct Script {
    pub(super) ast: AST,
    pub outline: Outline,
}

/// What a script says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The fields of its record that it sets.
    pub sets: BTreeSet<String>,
    /// The forms that it reads or writes, as it names them.
    pub forms: BTreeSet<String>,
    /// The aggregate tables that it reads, as it names them.
    pub tables: BTreeSet<String>,
    /// What it looks for: in which form, and by which fields that have to be equal to a value, in the order of their names;
    /// without any, by everything.
    pub reads: BTreeSet<(String, Vec<String>)>,
    /// The same for what it looks for in aggregate tables.
    pub table_reads: BTreeSet<(String, Vec<String>)>,
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// What is wrong with it; the arguments `line` and `column` say where, counted from one.
    pub fn compile(source: &str) -> Result<Script, Faults> {
        if source.len() > LONGEST {
            return Err(vec![Fault::new("", "too_long").arg("max", LONGEST)]);
        }
        let ast = machine::bare()
            .compile(source)
            .map_err(|error| vec![at(Fault::new("", "script_syntax").arg("detail", &error.0), error.1)])?;
        let mut reader = Reader { outline: Outline::default(), faults: Faults::new() };
        ast.walk(&mut |path: &[ASTNode]| {
            if let Some(node) = path.last() {
                reader.node(node);
            }
            true
        });
        let Reader { outline, faults } = reader;
        if faults.is_empty() { Ok(Script { ast, outline }) } else { Err(faults) }
    }
}

fn at(fault: Fault, place: Position) -> Fault {
    fault.arg("line", place.line().unwrap_or(1)).arg("column", place.position().unwrap_or(1))
}

/// The names that a script is given.
const GIVEN: [&str; 2] = ["record", "old"];

struct Reader {
    outline: Outline,
    faults: Faults,
}

impl Reader {
    fn node(&mut self, node: &ASTNode) {
        match node {
            ASTNode::Stmt(Stmt::Assignment(parts)) => {
                let (_, BinaryExpr { lhs, .. }) = &**parts;
                self.assignment(lhs);
            }
            ASTNode::Stmt(Stmt::Var(definition, _, place)) => self.defined(&definition.0.name, *place),
            ASTNode::Stmt(Stmt::For(header, place)) => {
                let (name, counter, _) = &**header;
                self.defined(&name.name, *place);
                if let Some(counter) = counter {
                    self.defined(&counter.name, *place);
                }
            }
            ASTNode::Stmt(Stmt::FnCall(call, place)) | ASTNode::Expr(Expr::FnCall(call, place)) => {
                self.call(call, *place);
            }
            // `len` is the one that is asked of a value.
            ASTNode::Expr(Expr::MethodCall(call, place)) => {
                self.arguments(call, *place);
                if call.name.as_str() != "len" {
                    self.refuse(Fault::new("", "script_method").arg("name", &call.name), *place);
                }
            }
            _ => {}
        }
    }

    fn refuse(&mut self, fault: Fault, place: Position) {
        self.faults.push(at(fault, place));
    }

    fn defined(&mut self, name: &str, place: Position) {
        if GIVEN.contains(&name) {
            self.refuse(Fault::new("", "script_name_taken").arg("name", name), place);
        }
    }

    /// What is set is a variable of its own, or a field of the record: a value is never changed inside, where it would grow
    /// without being counted.
    fn assignment(&mut self, target: &Expr) {
        match target {
            Expr::Variable(variable, ..) if !GIVEN.contains(&variable.1.as_str()) => {}
            Expr::Dot(parts, ..) | Expr::Index(parts, ..) if is_record(&parts.lhs) => match &parts.rhs {
                Expr::Property(property, _) => drop(self.outline.sets.insert(property.2.to_string())),
                Expr::StringConstant(name, _) => drop(self.outline.sets.insert(name.to_string())),
                other => self.refuse(Fault::new("", "script_sets_inside"), other.position()),
            },
            other => self.refuse(Fault::new("", "script_sets_inside"), other.position()),
        }
    }

    /// All arguments are made before it is found out that nothing takes so many.
    fn arguments(&mut self, call: &FnCallExpr, place: Position) {
        if call.args.len() > MOST_ARGUMENTS {
            let fault = Fault::new("", "script_arguments").arg("name", &call.name);
            self.refuse(fault.arg("max", MOST_ARGUMENTS), place);
        }
    }

    fn call(&mut self, call: &FnCallExpr, place: Position) {
        let name = call.name.as_str();
        if call.op_token.is_some() {
            return;
        }
        self.arguments(call, place);
        let Some(function) = offered(name) else {
            // Operators are called by their signs.
            if name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
                self.refuse(Fault::new("", "script_unknown_function").arg("name", name), place);
            }
            return;
        };
        let (is_table, may_be_table) = match function.looks {
            Looks::Nowhere => return,
            Looks::Table => (true, false),
            Looks::Among => (false, true),
            Looks::Form => (false, false),
        };
        let first = call.args.first();
        let (source, is_table) = match first {
            Some(Expr::StringConstant(name, _)) => (name.to_string(), is_table),
            Some(Expr::Map(..)) if may_be_table => match first.and_then(table_named) {
                Some(table) => (table, true),
                None => return self.refuse(Fault::new("", "script_names_form").arg("name", name), place),
            },
            _ => return self.refuse(Fault::new("", "script_names_form").arg("name", name), place),
        };
        let looks = matches!(function.looks, Looks::Table | Looks::Among);
        let fields = || call.args.get(1).and_then(equal_fields).unwrap_or_default();
        let (names, reads) = match is_table {
            true => (&mut self.outline.tables, &mut self.outline.table_reads),
            false => (&mut self.outline.forms, &mut self.outline.reads),
        };
        if looks {
            reads.insert((source.clone(), fields()));
        }
        names.insert(source);
    }
}

/// The table of `#{aggregate: "stock"}`, which may stand where the name of a form does.
fn table_named(first: &Expr) -> Option<String> {
    let Expr::Map(parts, _) = first else { return None };
    match parts.0.as_slice() {
        [(name, Expr::StringConstant(table, _))] if name.name.as_str() == AGGREGATE => {
            Some(table.to_string())
        }
        _ => None,
    }
}

fn is_record(target: &Expr) -> bool {
    matches!(target, Expr::Variable(variable, ..) if variable.1.as_str() == "record")
}

/// The fields that a `where` compares with one value each, in the order of their names; `None` where its text does not say.
fn equal_fields(which: &Expr) -> Option<Vec<String>> {
    let Expr::Map(parts, _) = which else { return None };
    let names = parts.0.iter().map(|(name, _)| name.name.as_str());
    if is_condition(names.clone()) {
        return None;
    }
    let names: BTreeSet<String> = names.map(str::to_string).collect();
    Some(names.into_iter().collect())
}
