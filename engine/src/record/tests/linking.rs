//! What links fill in.

use super::*;

#[test]
fn a_link_fills_its_row_once_it_is_known_and_people_may_change_it() {
    let mut draft = order_draft();
    draft.add_row("lines");
    draft.add_row("lines");
    draft.set("lines.1.product", Value::Ref(id(77)));
    assert_eq!(
        missing_links(draft.form(), draft.values(), &Linked::default()).into_iter().next(),
        Some((id(1), id(77)))
    );
    let mut linked = Linked::default();
    linked.insert(id(1), id(77), Values::from([("list_price".to_string(), number("468"))]));
    draft.learn(linked);
    assert_eq!(cell(&draft, 1, "unit_price"), number("468"));
    assert_eq!(cell(&draft, 0, "unit_price"), Value::Empty);
    draft.set("lines.1.unit_price", number("400"));
    draft.set("lines.1.qty", number("2"));
    assert_eq!(cell(&draft, 1, "amount"), number("800"));
}

#[test]
fn what_is_sent_with_a_link_is_not_overwritten_by_it() {
    let form = publish(&[product(), order()]).unwrap();
    let mut linked = Linked::default();
    linked.insert(id(1), id(77), Values::from([("list_price".to_string(), number("468"))]));
    let sent = json!({"lines": [{"product": id(77).to_string(), "qty": 2, "unit_price": "450"}, {"product": id(77).to_string()}]});
    let values =
        read_fields(&form, sent.as_object().unwrap(), &Values::new(), &ReadPolicy::unrestricted()).unwrap();
    let mut draft = Draft::new_with(form, context(), linked);
    draft.apply(values);
    assert_eq!(cell(&draft, 0, "unit_price"), number("450"));
    assert_eq!(cell(&draft, 1, "unit_price"), number("468"));
    assert_eq!(get(draft.values(), "total"), &number("1368"));
    let faults = draft.faults(&|_| true);
    assert_eq!((faults[0].code.as_ref(), faults[0].path.as_str()), ("validation", "total"));
}

#[test]
fn a_link_that_is_found_later_leaves_what_was_entered_beside_it() {
    let form = publish(&[product(), order()]).unwrap();
    let mut linked = Linked::default();
    linked.insert(id(1), id(77), Values::from([("list_price".to_string(), number("468"))]));
    let mut draft = Draft::new_with(form, context(), linked);
    draft.add_row("lines");
    draft.add_row("lines");
    draft.set("lines.0.unit_price", number("450"));
    draft.set_beside("lines.0.product", Value::Ref(id(77)));
    draft.set_beside("lines.1.product", Value::Ref(id(77)));
    assert_eq!(cell(&draft, 0, "unit_price"), number("450"));
    assert_eq!(cell(&draft, 1, "unit_price"), number("468"));
}
