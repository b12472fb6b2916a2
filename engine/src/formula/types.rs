//! The static types of formulas.

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
