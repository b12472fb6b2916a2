//! Formulas in the texts of a template: `{= SUM(lines.price) * 2}`, in the language of all formulas. They compute with what the
//! reader may see of the record. One that reads what is closed to them says nothing, as the tables do: what it gave without
//! that, such as a sum of 0, would be read as what the record holds.

use super::blocks::Sheet;
use super::check::PrintSees;
use crate::context::Context;
use crate::field::{FieldKind, options};
use crate::form::{Form, SYSTEM_FIELDS, system_kind};
use crate::formula::{Formula, Lookup, Resolved, Scope, Type};
use crate::text::Fault;
use crate::value::{Value, get};

/// The fields of a form as a formula on paper sees them: those of the record itself, and its columns as lists.
struct OnPaper<'f>(&'f Form);

impl Scope for OnPaper<'_> {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let path = path.join(".");
        let kind = match system_kind(&path) {
            Some(kind) => kind,
            None => self.0.column(&path)?.read_kind.clone(),
        };
        if !kind.holds_data() {
            return None;
        }
        let plain = kind.formula_type();
        let ty = if path.contains('.') { Type::list(plain) } else { plain };
        Some(Resolved { ty, live: false })
    }

    /// A print knows the record, and not its app.
    fn parameter(&self, _: &str) -> Option<Type> {
        None
    }
}

/// What is wrong with a formula in a text of a template, for who saves it.
pub(super) fn fault(source: &str, sees: &PrintSees<'_>, at: &str) -> Option<Fault> {
    let formula = match Formula::parse(source, &OnPaper(sees.form), &Type::Any) {
        Ok(formula) => formula,
        Err(fault) => return Some(Fault { path: at.to_string(), ..fault.into() }),
    };
    // People are printed by their field, which knows what they are called.
    if formula.reads_names() {
        return Some(Fault::new(at, "not_for_print").arg("field", source));
    }
    let is_open =
        |path: &str| sees.form.find(path, sees.catalogue).is_ok_and(|(reach, _)| (sees.may_see)(&reach));
    let closed = formula.reads().into_iter().find(|path| !is_open(path))?;
    Some(Fault::new(at, "unknown_field").arg("field", closed))
}

impl Lookup for Sheet<'_> {
    fn value(&self, path: &str) -> Value {
        if SYSTEM_FIELDS.contains(&path) {
            let known = system_kind(path).zip(self.record.system.get(path));
            return known.map(|(kind, json)| kind.read(json)).unwrap_or_default();
        }
        match path.split_once('.') {
            None => get(&self.values, path).clone(),
            Some((subform, column)) => {
                let rows = get(&self.values, subform).rows().iter();
                Value::List(rows.map(|row| get(&row.values, column).clone()).collect())
            }
        }
    }
}

impl Sheet<'_> {
    /// What a formula of a text says to the reader. The formulas of one record share what they may do.
    pub(super) fn computed(&self, source: &str) -> String {
        let Ok(formula) = Formula::parse_kept(source, &OnPaper(self.form), &Type::Any) else {
            return String::new();
        };
        // Whether it is read goes by rights alone, and not by what is there: that it says nothing tells nothing.
        if !formula.reads().iter().all(|path| self.is_open(path)) {
            return String::new();
        }
        let context = Context::system(self.reader.now, self.reader.zone.clone());
        let value = formula.evaluate(self, &context, &mut self.budget.borrow_mut());
        let kind = FieldKind::Formula(options::Formula::default());
        match &value {
            Value::List(items) => {
                let said: Vec<String> = items.iter().map(|item| self.reader.text(&kind, item)).collect();
                said.join(", ")
            }
            Value::Rows(_) => String::new(),
            one => self.reader.text(&kind, one),
        }
    }
}
