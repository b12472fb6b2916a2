//! What a link or member field offers while somebody types.

use engine::access::Operation;
use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach};
use engine::field::{FieldKind, Reference, Shape};
use engine::form::{Column, Form};
use engine::text::Fault;
use engine::value::{Id, Value, fold};
use store::query::{From, Query, Shelf};
use wire::List;
use wire::records::OptionItem;

use super::{Order, Path};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Choices of one answer.
const MOST: u32 = 20;
/// Characters of what somebody types.
const LONGEST: usize = 500;

/// # Errors
/// Not found for a form or field that the caller may not see; `unknown_field` for a field without choices.
pub async fn options(
    installation: &Installation,
    caller: &Caller,
    (form, field): (&str, &str),
    search: &str,
) -> Result<List<OptionItem>, Refusal> {
    if search.chars().count() > LONGEST {
        return Err(Refusal::invalid(vec![Fault::new("q", "too_long").arg("max", LONGEST)]));
    }
    let order = Order::to_read(installation, caller, form).await?;
    let Some(column) = order.compiled.form.column(field) else {
        // Owner and creator are no columns of the form, and filtered by all the same.
        let is_member = matches!(field, "$owner" | "$created_by" | "$updated_by");
        return if is_member { Ok(List::all(people(&order, search))) } else { Err(Refusal::missing()) };
    };
    if order.access.right(field) == engine::access::FieldRight::None {
        return Err(Refusal::missing());
    }
    let items = match (column.field.kind.reference(), column.target) {
        (Some(Reference::Member), _) => people(&order, search),
        (Some(Reference::Record), Some(target)) => records(&order, column, target, search).await?,
        (Some(Reference::Record | Reference::File) | None, _) => return Err(Refusal::missing()),
    };
    Ok(List::all(items))
}

fn people(order: &Order, search: &str) -> Vec<OptionItem> {
    let search = fold(search.trim());
    let people = &order.caller.people;
    let matching = people.members.values().filter(|member| {
        people.is_active(member.id)
            && (fold(&member.name).contains(&search) || member.email.contains(&search))
    });
    let mut items: Vec<OptionItem> = matching
        .map(|member| OptionItem { id: member.id, title: member.name.clone(), fields: Default::default() })
        .collect();
    items.sort_by(|a, b| a.title.cmp(&b.title));
    items.truncate(MOST as usize);
    items
}

async fn records(
    order: &Order,
    column: &Column,
    target: Id,
    search: &str,
) -> Result<Vec<OptionItem>, Refusal> {
    let there = order.with_form(target, Path::Web)?;
    if !there.access.may(Operation::View) {
        return Ok(Vec::new());
    }
    let shown: Vec<String> =
        if let FieldKind::Link(link) = &column.field.kind { link.display.clone() } else { Vec::new() };
    let mut filter = column.filter.clone().unwrap_or_else(Checked::always);
    let search = search.trim();
    if !search.is_empty() {
        filter = filter.and(mentions(&there, &shown, search));
    }
    let query =
        Query { shelf: Shelf::Live, filter, sort: Vec::new(), limit: MOST, from: From::Start, fields: None };
    let mut db = there.reader().await?;
    let page = store::query::page(&mut db, &there.access, there.table(), &query, &there.context).await?;
    let views = there.view_all(&mut db, &page.records, Some(&shown), None).await?;
    let titles = there.seen_titles(&mut db, &page.records).await?;
    let titled = views.into_iter().zip(titles);
    Ok(titled.map(|(view, title)| OptionItem { id: view.id, title, fields: view.fields }).collect())
}

/// Some text that people see of the record contains `search`: its title, or one of the `shown` fields.
pub fn mentions(order: &Order, shown: &[String], search: &str) -> Checked {
    let form = &order.compiled.form;
    let mut paths = title_fields(form);
    paths.extend(shown.iter().cloned());
    paths.sort();
    paths.dedup();
    let tests = paths.iter().filter_map(|path| {
        let column = form.column(path)?;
        let searchable = matches!(column.shape, Shape::Text | Shape::LongText);
        let visible = order.access.right(path) >= engine::access::FieldRight::Read;
        (searchable && visible).then(|| {
            Checked::Test(Box::new(CheckedTest {
                reach: Reach::own(path),
                kind: column.read_kind.clone(),
                op: Operator::Contains,
                operand: CheckedOperand::Value(Value::text(search)),
                matching: Match::Any,
            }))
        })
    });
    Checked::Any(tests.collect())
}

/// The form's own fields that its title is made of.
pub fn title_fields(form: &Form) -> Vec<String> {
    let Some(pattern) = &form.sketch.document.title else {
        let first = form.fields().find(|column| column.shape == Shape::Text);
        return first.map(|column| column.path.clone()).into_iter().collect();
    };
    pattern
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(path, _)| path.trim().to_string())
        .filter(|path| form.column(path).is_some())
        .collect()
}
