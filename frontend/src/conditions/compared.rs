//! What a field is compared with: a value, or another field.

use engine::condition::{Operand, Operator};
use engine::field::{FieldKind, Shape};
use leptos::prelude::*;

use super::operand::OperandInput;
use super::reference::Place;
use super::{RECORD, Subject};
use crate::t;
use crate::ui::{Choice, ControlSize, IconButton, Select};

/// The input for a value; where other fields can be compared with, a button changes between the two.
#[component]
pub fn ComparedWith(
    /// What is compared, as the condition names it.
    named: String,
    place: Place,
    kind: FieldKind,
    op: Operator,
    start: Option<Operand>,
    /// The fields that it is held against.
    beside: Signal<Vec<Subject>>,
    /// Whether they are those of the same record.
    same: bool,
    #[prop(into)] on_change: Callback<Option<Operand>>,
) -> impl IntoView {
    let against = match &start {
        Some(Operand::Field(name)) => Some(name.clone()),
        _ => None,
    };
    let shape = kind.shape();
    let own = named;
    let of = kind.reference();
    let fields = Signal::derive(move || {
        let fits = |subject: &&Subject| {
            // A record has one value of a field, and is not held against itself.
            let is_one = !same || (subject.path != own && is_of_one(&subject.path));
            is_one && are_comparable(shape, subject.kind.shape()) && subject.kind.reference() == of
        };
        let all = beside.get();
        let found = all.iter().filter(fits);
        found.map(|subject| Choice::new(&subject.path, &subject.label)).collect::<Vec<_>>()
    });
    let is_offered =
        against.is_some() || (takes_field(op) && fields.with_untracked(|fields| !fields.is_empty()));
    if !is_offered {
        return view! { <OperandInput place=place kind=kind op=op start=start on_change=on_change/> }
            .into_any();
    }
    let by_field = RwSignal::new(against.is_some());
    let chosen = RwSignal::new(against);
    let value = StoredValue::new((place, kind, start));
    let choose = move |name: Option<String>| {
        chosen.set(name.clone());
        on_change.run(name.map(Operand::Field));
    };
    let turn = move |_| {
        by_field.update(|by_field| *by_field = !*by_field);
        chosen.set(None);
        // Neither is said yet.
        value.update_value(|(_, _, start)| *start = None);
        on_change.run(None);
    };
    let input = move || {
        if by_field.get() {
            return view! {
                <Select choices=fields value=chosen on_change=choose label=Signal::derive(t!("condition-other-field"))/>
            }
            .into_any();
        }
        let (place, kind, start) = value.get_value();
        view! { <OperandInput place=place kind=kind op=op start=start on_change=on_change/> }.into_any()
    };
    view! {
        <div class="row cond-value">
            <div class="grow">{input}</div>
            <IconButton
                icon="columns"
                label=Signal::derive(t!("condition-by-field"))
                size=ControlSize::Small
                pressed=by_field
                on_press=turn
            />
        </div>
    }
    .into_any()
}

/// Whether a name stands for one value: that of a field, or of the record around a row.
fn is_of_one(named: &str) -> bool {
    let whole = named.strip_prefix(RECORD).and_then(|rest| rest.strip_prefix('.'));
    !whole.unwrap_or(named).contains('.')
}

/// Whether a comparison can be with another field: it is with one value.
fn takes_field(op: Operator) -> bool {
    !op.is_unary() && !op.takes_list() && !matches!(op, Operator::Within | Operator::Between)
}

/// Whether what two fields hold can be compared.
fn are_comparable(one: Shape, other: Shape) -> bool {
    match (one, other) {
        (Shape::Decimal(_), Shape::Decimal(_)) => true,
        (Shape::Nothing | Shape::Rows | Shape::Parts | Shape::Markup, _) => false,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_compared_with_fields_of_their_kind() {
        assert!(takes_field(Operator::Gt) && takes_field(Operator::Eq));
        assert!(
            !takes_field(Operator::In) && !takes_field(Operator::IsEmpty) && !takes_field(Operator::Between)
        );
        assert!(
            are_comparable(Shape::Decimal(2), Shape::Decimal(4)) && are_comparable(Shape::Day, Shape::Day)
        );
        assert!(!are_comparable(Shape::Day, Shape::Instant) && !are_comparable(Shape::Rows, Shape::Rows));
    }
}
