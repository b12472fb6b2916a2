//! What a link or member field offers while somebody types.

use std::collections::BTreeSet;

use engine::access::{FieldRight, Operation};
use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach};
use engine::field::{Reference, Shape};
use engine::form::{Column, Form};
use engine::text::Fault;
use engine::value::{Id, Value, fold, get};
use store::Reader;
use store::query::{From, Query, Shelf, Sort};
use store::record::Record;
use wire::List;
use wire::records::OptionItem;

use super::{Order, Path};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Choices of one answer.
const MOST: u32 = 20;
/// Characters of what somebody types.
const LONGEST: usize = 500;
/// Words of it that are looked for one by one.
const MOST_WORDS: usize = 8;

/// # Errors
/// Not found for a form or field that the caller may not see; `unknown_field` for a field without choices.
pub async fn options(
    installation: &Installation,
    caller: &Caller,
    (form, field): (&str, &str),
    search: &str,
) -> Result<List<OptionItem>, Refusal> {
    check_length(search)?;
    let order = Order::to_read(installation, caller, form).await?;
    let Some(column) = order.compiled.form.column(field) else {
        // Owner and creator are no columns of the form, and filtered by all the same.
        return match field {
            "$owner" | "$created_by" | "$updated_by" | "$collaborators" => {
                Ok(List::all(people(&order, &[], search)))
            }
            "$department" => Ok(List::all(departments(&order, &[], search))),
            _ => Err(Refusal::missing()),
        };
    };
    if order.access.right(field) == FieldRight::None {
        return Err(Refusal::missing());
    }
    let items = match (column.field.kind.reference(), column.target) {
        (Some(Reference::Member), _) => people(&order, column.field.kind.within(), search),
        (Some(Reference::Department), _) => departments(&order, column.field.kind.within(), search),
        (Some(Reference::Record), Some(target)) => records(&order, column, target, search).await?,
        (Some(Reference::Record | Reference::File) | None, _) => return Err(Refusal::missing()),
    };
    Ok(List::all(items))
}

/// # Errors
/// A fault of what somebody typed, where it is too long to look for.
pub fn check_length(search: &str) -> Result<(), Refusal> {
    if search.chars().count() > LONGEST {
        return Err(Refusal::invalid(vec![Fault::new("q", "too_long").arg("max", LONGEST)]));
    }
    Ok(())
}

fn people(order: &Order, within: &[String], search: &str) -> Vec<OptionItem> {
    let search = fold(search.trim());
    let people = &order.caller.people;
    let choosable = people.members_within(within, order.caller.id());
    let matching = people.members.values().filter(|member| {
        people.is_active(member.id)
            && choosable.as_ref().is_none_or(|choosable| choosable.contains(&member.id))
            && (fold(&member.name).contains(&search) || member.email.contains(&search))
    });
    let mut ranked: Vec<(Rank, OptionItem)> = matching
        .map(|member| {
            let rank = Rank::of(&member.name, &search).min(Rank::of(&member.email, &search));
            (rank, OptionItem { id: member.id, title: member.name.clone(), fields: Default::default() })
        })
        .collect();
    ranked.sort_by(|(_, one), (_, other)| one.title.cmp(&other.title));
    best(ranked)
}

fn departments(order: &Order, within: &[String], search: &str) -> Vec<OptionItem> {
    let search = fold(search.trim());
    let people = &order.caller.people;
    let choosable = people.departments_within(within, order.caller.id());
    let matching = people.departments.values().filter(|department| {
        choosable.as_ref().is_none_or(|choosable| choosable.contains(&department.id))
            && fold(&department.name).contains(&search)
    });
    let mut ranked: Vec<(Rank, OptionItem)> = matching
        .map(|department| {
            let (id, title) = (department.id, department.name.clone());
            (Rank::of(&title, &search), OptionItem { id, title, fields: Default::default() })
        })
        .collect();
    ranked.sort_by(|(_, one), (_, other)| one.title.cmp(&other.title).then(one.id.cmp(&other.id)));
    best(ranked)
}

/// How well a choice fits what somebody typed: of many that contain it, the one that is called just so must not be missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Same,
    Begins,
    Contains,
}

impl Rank {
    /// How well `text` fits, which contains it or whose other words do; `search` is folded.
    pub fn of(text: &str, search: &str) -> Rank {
        let text = fold(text);
        if text == search {
            Rank::Same
        } else if text.starts_with(search) {
            Rank::Begins
        } else {
            Rank::Contains
        }
    }
}

/// As many as are offered, those that fit best first and otherwise in their order.
pub fn best<T>(mut ranked: Vec<(Rank, T)>) -> Vec<T> {
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.truncate(MOST as usize);
    ranked.into_iter().map(|(_, item)| item).collect()
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
    let shown: Vec<String> = column.field.kind.as_link().map(|link| link.display.clone()).unwrap_or_default();
    let filter = column.filter.clone().unwrap_or_else(Checked::always);
    let search = search.trim();
    let mut db = there.reader().await?;
    let (ranks, found): (Vec<Rank>, Vec<Record>) =
        matching(&mut db, &there, filter, &shown, search).await?.into_iter().unzip();
    let views = there.view_all(&mut db, &found, Some(&shown), None).await?;
    let titles = there.seen_titles(&mut db, &found).await?;
    let titled = views.into_iter().zip(titles).zip(ranks).map(|((view, title), rank)| {
        let rank = if Rank::of(&title, &fold(search)) == Rank::Same { Rank::Same } else { rank };
        (rank, OptionItem { id: view.id, title, fields: view.fields })
    });
    Ok(best(titled.collect()))
}

/// Records that fit what somebody typed, each once: those in which a field begins with it, then those that mention it.
async fn matching(
    db: &mut Reader,
    there: &Order,
    filter: Checked,
    shown: &[String],
    search: &str,
) -> Result<Vec<(Rank, Record)>, Refusal> {
    if search.is_empty() {
        let page = first_of(db, there, filter, Vec::new()).await?;
        return Ok(page.into_iter().map(|record| (Rank::Contains, record)).collect());
    }
    let mut found: Vec<(Rank, Record)> = Vec::new();
    let mut known: BTreeSet<Id> = BTreeSet::new();
    for column in searched(there, shown) {
        let begins = filter.clone().and(said(column, Operator::StartsWith, search));
        // What is nothing but the beginning comes first of all that begin with it.
        let sort =
            Sort { reach: Reach::own(&column.path), kind: column.read_kind.clone(), descending: false };
        let sort = if column.shape == Shape::Text { vec![sort] } else { Vec::new() };
        for record in first_of(db, there, begins, sort).await? {
            let text = get(&record.values, &column.path).as_text().unwrap_or_default();
            let rank = Rank::of(text, &fold(search));
            if known.insert(record.id) {
                found.push((rank, record));
            }
        }
    }
    if found.len() < MOST as usize {
        let mentions = filter.and(mentions_all(there, shown, search));
        for record in first_of(db, there, mentions, Vec::new()).await? {
            if known.insert(record.id) {
                found.push((Rank::Contains, record));
            }
        }
    }
    Ok(found)
}

async fn first_of(
    db: &mut Reader,
    there: &Order,
    filter: Checked,
    sort: Vec<Sort>,
) -> Result<Vec<Record>, Refusal> {
    let query = Query { shelf: Shelf::Live, filter, sort, limit: MOST, from: From::Start, fields: None };
    let page = store::query::page(db, &there.access, there.table(), &query, &there.context).await?;
    Ok(page.records)
}

/// What was typed as it stands, or each of its words: a title that is made of several fields has them in none.
fn mentions_all(there: &Order, shown: &[String], search: &str) -> Checked {
    let whole = mentions(there, shown, search);
    let words: Vec<&str> = search
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MOST_WORDS)
        .collect();
    if words.len() < 2 {
        return whole;
    }
    let each = words.into_iter().map(|word| mentions(there, shown, word)).collect();
    Checked::Any(vec![whole, Checked::All(each)])
}

/// Some text that people see of the record contains `search`: its title, or one of the `shown` fields.
pub fn mentions(order: &Order, shown: &[String], search: &str) -> Checked {
    let columns = searched(order, shown).into_iter();
    Checked::Any(columns.map(|column| said(column, Operator::Contains, search)).collect())
}

/// The texts by which a record is found, as far as the caller may read them: of its title, then the `shown` fields.
fn searched<'o>(order: &'o Order, shown: &[String]) -> Vec<&'o Column> {
    let form = &order.compiled.form;
    let mut columns: Vec<&Column> = Vec::new();
    for path in title_fields(form).iter().chain(shown) {
        let Some(column) = form.column(path) else { continue };
        let searchable = matches!(column.shape, Shape::Text | Shape::LongText);
        let visible = order.access.right(path) >= FieldRight::Read;
        let known = columns.iter().any(|known| known.path == column.path);
        if searchable && visible && !known {
            columns.push(column);
        }
    }
    columns
}

fn said(column: &Column, op: Operator, search: &str) -> Checked {
    Checked::Test(Box::new(CheckedTest {
        reach: Reach::own(&column.path),
        kind: column.read_kind.clone(),
        op,
        operand: CheckedOperand::Value(Value::text(search)),
        matching: Match::Any,
    }))
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
