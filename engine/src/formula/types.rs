//! The static types of formulas.

use super::functions::Takes;

/// What a formula, or a part of one, gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Not known before it is computed.
    Any,
    Bool,
    Number,
    Text,
    Date,
    DateTime,
    Time,
    /// A record, member or file; formulas see its id as text.
    Ref,
    /// A column of a sub-form, or several choices.
    List(Box<Type>),
    /// A sub-form.
    Rows,
}

impl Type {
    pub fn list(item: Type) -> Type {
        Type::List(Box::new(item))
    }

    /// The name by which texts and the API know it.
    pub fn code(&self) -> &'static str {
        match self {
            Type::Any => "any",
            Type::Bool => "bool",
            Type::Number => "number",
            Type::Text => "text",
            Type::Date => "date",
            Type::DateTime => "datetime",
            Type::Time => "time",
            Type::Ref => "ref",
            Type::List(_) => "list",
            Type::Rows => "rows",
        }
    }

    /// What is in it: a list's items, lists of lists taken apart; itself for anything else.
    pub fn item(&self) -> &Type {
        match self {
            Type::List(item) => item.item(),
            other => other,
        }
    }

    /// Whether it is one value, as far as is known.
    pub fn is_single(&self) -> bool {
        !matches!(self, Type::List(_) | Type::Rows)
    }

    /// Whether a value of this type can become one of `wanted`, where a formula's result lands.
    pub fn fits(&self, wanted: &Type) -> bool {
        match (self, wanted) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::Number | Type::Ref, Type::Text) => true,
            (Type::Date | Type::DateTime, Type::Date | Type::DateTime) => true,
            (Type::List(have), Type::List(want)) => have.fits(want),
            (have, Type::List(want)) => have.is_single() && have.fits(want),
            (have, want) => have == want,
        }
    }

    /// The type of a value that is either of the two.
    pub(super) fn either(&self, other: &Type) -> Type {
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Type::Any, known) | (known, Type::Any) => known.clone(),
            (Type::Date, Type::DateTime) | (Type::DateTime, Type::Date) => Type::DateTime,
            _ => Type::Any,
        }
    }

    /// Whether the two can be compared; ordered too, if `ordered`.
    pub(super) fn compares_with(&self, other: &Type, ordered: bool) -> bool {
        if ordered && !(self.is_single() && other.is_single()) {
            return false;
        }
        match (self, other) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::Date | Type::DateTime, Type::Date | Type::DateTime) => true,
            (Type::Ref, Type::Text) | (Type::Text, Type::Ref) => !ordered,
            (Type::Rows, _) | (_, Type::Rows) => false,
            (Type::List(a), Type::List(b)) => a.compares_with(b, false),
            (a, b) => a == b && !(ordered && matches!(a, Type::Ref | Type::Bool)),
        }
    }

    /// Whether a function's parameter takes it.
    pub(super) fn suits(&self, takes: Takes) -> bool {
        let item = self.item();
        match takes {
            Takes::Anything | Takes::Branch => true,
            Takes::Single => self.is_single(),
            Takes::Bool => matches!(self, Type::Any | Type::Bool),
            Takes::Number => matches!(self, Type::Any | Type::Number),
            Takes::Text => self.is_single() && !matches!(self, Type::Bool),
            Takes::Day => matches!(self, Type::Any | Type::Date | Type::DateTime),
            Takes::Clock => matches!(self, Type::Any | Type::DateTime | Type::Time),
            Takes::Moment => matches!(self, Type::Any | Type::Date | Type::DateTime | Type::Time),
            Takes::Formattable => {
                matches!(
                    self,
                    Type::Any | Type::Number | Type::Date | Type::DateTime | Type::Time | Type::Text
                )
            }
            Takes::Numbers => matches!(item, Type::Any | Type::Number),
            Takes::NumberList => {
                matches!(self, Type::Any | Type::List(_)) && matches!(item, Type::Any | Type::Number)
            }
            Takes::Ordered => {
                matches!(item, Type::Any | Type::Number | Type::Date | Type::DateTime | Type::Time)
            }
            Takes::List => matches!(self, Type::Any | Type::List(_)),
            Takes::DayList => {
                !matches!(self, Type::Rows) && matches!(item, Type::Any | Type::Date | Type::DateTime)
            }
            Takes::Values => !matches!(self, Type::Rows),
            Takes::Key => matches!(self, Type::Text),
            // Read in their own way.
            Takes::Form | Takes::Records | Takes::FieldOf => true,
            Takes::People => matches!(item, Type::Any | Type::Ref),
        }
    }
}
