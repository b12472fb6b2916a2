//! Rows of sub-forms: their ids, their order, and what of them is sent.

use super::*;

#[test]
fn a_row_that_was_taken_out_comes_back_as_it_was() {
    let mut draft = order_draft();
    for place in ["0", "1", "2"] {
        draft.add_row("lines");
        draft.set(&format!("lines.{place}.qty"), number(place));
        draft.set(&format!("lines.{place}.unit_price"), number("10"));
    }
    let before = draft.values().clone();
    let taken = get(&before, "lines").rows()[1].clone();
    draft.remove_row("lines", 1);
    draft.insert_row("lines", 1, taken);
    assert_eq!(draft.values(), &before);
}

#[test]
fn a_row_that_is_moved_takes_its_id_and_what_was_entered_along() {
    let row = |number: i64, qty: &str| Row {
        id: Some(id(number)),
        values: Values::from([("qty".to_string(), self::number(qty))]),
    };
    let rows = vec![row(5, "1"), row(6, "2"), row(7, "3")];
    let mut draft = order_draft();
    draft.apply(Values::from([("lines".to_string(), Value::Rows(rows))]));
    draft.set("lines.0.unit_price", number("10"));
    draft.move_row("lines", 0, 2);
    let order = |draft: &Draft| -> Vec<_> {
        get(draft.values(), "lines").rows().iter().filter_map(|row| row.id).collect()
    };
    assert_eq!(order(&draft), [id(6), id(7), id(5)]);
    assert_eq!((cell(&draft, 2, "qty"), cell(&draft, 2, "unit_price")), (number("1"), number("10")));
    draft.move_row("lines", 2, 0);
    draft.move_row("lines", 0, 3);
    assert_eq!(order(&draft), [id(5), id(6), id(7)], "there is no fourth place");
}

#[test]
fn a_row_without_an_id_gets_one_and_the_others_keep_theirs() {
    let row = |id: Option<Id>| Row { id, values: Values::from([("qty".to_string(), number("1"))]) };
    let mut draft = order_draft();
    let rows = vec![row(Some(id(5))), row(None), row(None)];
    draft.apply(Values::from([("lines".to_string(), Value::Rows(rows))]));
    let mut next = 70;
    draft.name_rows(|| {
        next += 1;
        id(next)
    });
    draft.name_rows(|| unreachable!("all have one"));
    let ids: Vec<_> = get(&draft.stored_values(), "lines").rows().iter().map(|row| row.id).collect();
    assert_eq!(ids, [Some(id(5)), Some(id(71)), Some(id(72))]);
}

#[test]
fn rows_keep_their_ids_and_missing_columns_stay() {
    let form = publish(&[product(), order()]).unwrap();
    let row = |number: i64, qty: &str| Row {
        id: Some(id(number)),
        values: Values::from([
            ("qty".to_string(), self::number(qty)),
            ("unit_price".to_string(), self::number("10")),
        ]),
    };
    let stored = Values::from([("lines".to_string(), Value::Rows(vec![row(5, "1"), row(6, "2")]))]);
    let read =
        |fields: Json| read_fields(&form, fields.as_object().unwrap(), &stored, &ReadPolicy::unrestricted());
    let values = read(json!({"lines": [{"id": id(6).to_string(), "qty": "3"}, {"qty": 4}]})).unwrap().values;
    let rows = get(&values, "lines").rows();
    assert_eq!((rows[0].id, get(&rows[0].values, "unit_price")), (Some(id(6)), &number("10")));
    assert_eq!(rows[1].id, None);
    let faults = read(json!({"lines": [{"id": id(9).to_string()}], "nothing": 1, "total": "5"})).unwrap_err();
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code.as_ref()).collect();
    assert_eq!(codes, ["unknown_row", "not_writable", "unknown_field"]);
    assert_eq!(
        read(json!({"lines": [{"id": id(5).to_string(), "qty": "1.000"}, {"id": id(6).to_string()}]})),
        Ok(Sent::default())
    );
}
