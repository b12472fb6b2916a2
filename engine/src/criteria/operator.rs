//! The operators of conditions.

use serde::{Deserialize, Serialize};

/// An operator of a condition, named as in documents (api.md, "Condition").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
    Between,
    In,
    NotIn,
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
    IsEmpty,
    NotEmpty,
    HasAny,
    HasAll,
    HasNone,
    /// A date within a relative period; a choice of a tree at or below another one; a department that is one of some or a
    /// part of one.
    Within,
}

impl Operator {
    pub const ALL: &'static [Operator] = &[
        Self::Eq,
        Self::Ne,
        Self::Gt,
        Self::Gte,
        Self::Lt,
        Self::Lte,
        Self::Between,
        Self::In,
        Self::NotIn,
        Self::Contains,
        Self::NotContains,
        Self::StartsWith,
        Self::EndsWith,
        Self::IsEmpty,
        Self::NotEmpty,
        Self::HasAny,
        Self::HasAll,
        Self::HasNone,
        Self::Within,
    ];

    pub(crate) const TEXT: &'static [Operator] = &[
        Self::Eq,
        Self::Ne,
        Self::In,
        Self::NotIn,
        Self::Contains,
        Self::NotContains,
        Self::StartsWith,
        Self::EndsWith,
        Self::IsEmpty,
        Self::NotEmpty,
    ];

    pub(crate) const LONG_TEXT: &'static [Operator] =
        &[Self::Contains, Self::NotContains, Self::StartsWith, Self::EndsWith, Self::IsEmpty, Self::NotEmpty];

    pub(crate) const ORDERED: &'static [Operator] = &[
        Self::Eq,
        Self::Ne,
        Self::Gt,
        Self::Gte,
        Self::Lt,
        Self::Lte,
        Self::Between,
        Self::In,
        Self::NotIn,
        Self::IsEmpty,
        Self::NotEmpty,
    ];

    pub(crate) const TIMES: &'static [Operator] = &[
        Self::Eq,
        Self::Ne,
        Self::Gt,
        Self::Gte,
        Self::Lt,
        Self::Lte,
        Self::Between,
        Self::In,
        Self::NotIn,
        Self::Within,
        Self::IsEmpty,
        Self::NotEmpty,
    ];

    pub(crate) const BOOL: &'static [Operator] = &[Self::Eq, Self::Ne];

    pub(crate) const ONE_OF: &'static [Operator] =
        &[Self::Eq, Self::Ne, Self::In, Self::NotIn, Self::IsEmpty, Self::NotEmpty];

    /// One of a tree of choices; `within` finds what lies below one of them.
    pub(crate) const ONE_OF_TREE: &'static [Operator] =
        &[Self::Eq, Self::Ne, Self::In, Self::NotIn, Self::Within, Self::IsEmpty, Self::NotEmpty];

    /// A place, found by what it is called.
    pub(crate) const PLACE: &'static [Operator] = &[
        Self::Eq,
        Self::Ne,
        Self::In,
        Self::NotIn,
        Self::Contains,
        Self::NotContains,
        Self::IsEmpty,
        Self::NotEmpty,
    ];

    pub(crate) const MANY_OF: &'static [Operator] =
        &[Self::HasAny, Self::HasAll, Self::HasNone, Self::IsEmpty, Self::NotEmpty];

    pub(crate) const DEPARTMENT: &'static [Operator] =
        &[Self::Eq, Self::Ne, Self::In, Self::NotIn, Self::Within, Self::IsEmpty, Self::NotEmpty];

    pub(crate) const MANY_DEPARTMENTS: &'static [Operator] =
        &[Self::HasAny, Self::HasAll, Self::HasNone, Self::Within, Self::IsEmpty, Self::NotEmpty];

    pub(crate) const PRESENCE: &'static [Operator] = &[Self::IsEmpty, Self::NotEmpty];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Between => "between",
            Self::In => "in",
            Self::NotIn => "not_in",
            Self::Contains => "contains",
            Self::NotContains => "not_contains",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
            Self::IsEmpty => "is_empty",
            Self::NotEmpty => "not_empty",
            Self::HasAny => "has_any",
            Self::HasAll => "has_all",
            Self::HasNone => "has_none",
            Self::Within => "within",
        }
    }

    /// Whether it takes no value.
    pub fn is_unary(self) -> bool {
        matches!(self, Self::IsEmpty | Self::NotEmpty)
    }

    /// Whether its value is a list.
    pub fn takes_list(self) -> bool {
        matches!(self, Self::In | Self::NotIn | Self::Between | Self::HasAny | Self::HasAll | Self::HasNone)
    }
}
