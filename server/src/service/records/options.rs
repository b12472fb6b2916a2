//! What a link or member field offers while somebody types.

use std::collections::BTreeSet;
use std::time::Duration;

use engine::access::{FieldRight, Operation};
use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach};
use engine::field::{FieldKind, Reference, Shape};
use engine::form::{Column, Form};
use engine::text::{Fault, Language};
use engine::value::{Id, Value, fold, get, sound, typed_sound};
use serde_json::Value as Json;
use store::Reader;
use store::query::{Beginning, By, From, Query, Shelf, beginning, newest};
use store::record::Record;
use wire::List;
use wire::records::{Fields, OptionItem};

use super::{Asker, Order, Path};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Choices of one answer.
const MOST: u32 = 20;
/// Characters of what somebody types.
const LONGEST: usize = 500;
/// Words of it that are looked for one by one.
const MOST_WORDS: usize = 8;
/// How long records are looked through for what no index helps to find.
const PATIENCE: Duration = Duration::from_millis(50);

/// # Errors
/// Not found for a form or field that the caller may not see, or that has no choices; of a draft what publishing it would
/// say.
pub async fn options(
    installation: &Installation,
    caller: &Caller,
    (form, field): (&str, &str),
    search: &str,
    asker: &Asker,
) -> Result<List<OptionItem>, Refusal> {
    check_length(search)?;
    let order = match asker.draft {
        true => Order::to_try(installation, caller, form).await?,
        false => Order::to_read(installation, caller, form).await?,
    };
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
        (Some(Reference::Record), Some(target)) => records(&order, column, target, (search, asker)).await?,
        (None, Some(target)) if column.field.kind.choices_from().is_some() => {
            choices(&order, column, target, (search, asker)).await?
        }
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
    let typed = typed_sound(&search);
    let people = &order.caller.people;
    let choosable = people.members_within(within, order.caller.id());
    let is_offered =
        |id: Id| people.is_active(id) && choosable.as_ref().is_none_or(|choosable| choosable.contains(&id));
    let rank = |member: &store::member::Member| {
        if fold(&member.name).contains(&search) || member.email.contains(&search) {
            return Some(Rank::of(&member.name, &search).min(Rank::of(&member.email, &search)));
        }
        let typed = typed.as_ref()?;
        sounds_like(&member.name, typed).then_some(Rank::Sounds)
    };
    let offered = people.members.values().filter(|member| is_offered(member.id));
    let mut ranked: Vec<(Rank, OptionItem)> = offered
        .filter_map(|member| {
            let item = OptionItem { id: member.id, title: member.name.clone(), fields: Default::default() };
            Some((rank(member)?, item))
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
    Sounds,
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
    (search, asker): (&str, &Asker),
) -> Result<Vec<OptionItem>, Refusal> {
    let there = order.with_form(target, Path::Web)?;
    if !there.access.may(Operation::View) {
        return Ok(Vec::new());
    }
    let shown: Vec<String> = column.field.kind.as_link().map(|link| link.display.clone()).unwrap_or_default();
    let search = search.trim();
    let mut db = there.reader().await?;
    let filter = order.offered(&mut db, column, asker).await?;
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

/// The choices that another form gives: the text of each record that is found, once. What is chosen is the text.
async fn choices(
    order: &Order,
    column: &Column,
    target: Id,
    (search, asker): (&str, &Asker),
) -> Result<Vec<OptionItem>, Refusal> {
    let there = order.with_form(target, Path::Web)?;
    let Some(from) = column.field.kind.choices_from() else { return Ok(Vec::new()) };
    if !there.access.may(Operation::View) || there.access.right(&from.field) < FieldRight::Read {
        return Ok(Vec::new());
    }
    let shown = [from.field.clone()];
    let mut db = there.reader().await?;
    let filter = order.offered(&mut db, column, asker).await?;
    let (ranks, found): (Vec<Rank>, Vec<Record>) =
        matching(&mut db, &there, filter, &shown, search.trim()).await?.into_iter().unzip();
    let views = there.view_all(&mut db, &found, Some(&shown), None).await?;
    let mut known = BTreeSet::new();
    let mut items = Vec::new();
    for (view, rank) in views.into_iter().zip(ranks) {
        let Some(text) = view.fields.get(&from.field).and_then(Json::as_str) else { continue };
        if known.insert(text.to_string()) {
            items.push((rank, OptionItem { id: view.id, title: text.to_string(), fields: Fields::new() }));
        }
    }
    Ok(best(items))
}

/// Whether a Chinese text begins with what was typed, by its initials or spelled out.
fn sounds_like(text: &str, typed: &str) -> bool {
    sound(text).is_some_and(|sound| sound.begins_with(typed))
}

/// Records that were found, each once.
#[derive(Default)]
struct Found {
    records: Vec<(Rank, Record)>,
    known: BTreeSet<Id>,
}

impl Found {
    fn add(&mut self, records: Vec<Record>, rank: impl Fn(&Record) -> Rank) {
        for record in records {
            if self.known.insert(record.id) {
                self.records.push((rank(&record), record));
            }
        }
    }
}

/// Records that fit what somebody typed, each once: those in which a text begins with it, as it is written or by how its
/// title sounds; then, as far as time allows, the newest of those that mention it.
pub async fn matching(
    db: &mut Reader,
    there: &Order,
    filter: Checked,
    shown: &[String],
    search: &str,
) -> Result<Vec<(Rank, Record)>, Refusal> {
    let mut found = Found::default();
    if search.is_empty() {
        found.add(first_of(db, there, filter).await?, |_| Rank::Contains);
        return Ok(found.records);
    }
    let columns = searched(there, shown);
    for column in &columns {
        let records = begins(db, there, &filter, column, (By::Text, search)).await?;
        let text = |record: &Record| get(&record.values, &column.path).as_text().map(str::to_string);
        let written = fold(search);
        found.add(records, |record| Rank::of(&text(record).unwrap_or_default(), &written));
    }
    if let Some(typed) = typed_sound(search) {
        let titles = title_fields(&there.compiled.form);
        for column in columns.iter().filter(|column| titles.contains(&column.path)) {
            for by in [By::Initials, By::Sound] {
                let records = begins(db, there, &filter, column, (by, typed.as_str())).await?;
                found.add(records, |_| Rank::Sounds);
            }
        }
    }
    if found.records.len() < MOST as usize {
        let mentions = filter.and(mentions_all(there, shown, search));
        let (access, table) = (&there.access, there.table());
        let records = newest(db, access, table, &mentions, (MOST, PATIENCE), &there.context).await?;
        found.add(records, |_| Rank::Contains);
    }
    Ok(found.records)
}

async fn begins(
    db: &mut Reader,
    there: &Order,
    filter: &Checked,
    column: &Column,
    (by, text): (By, &str),
) -> Result<Vec<Record>, Refusal> {
    let wanted = Beginning { filter: filter.clone(), field: &column.path, by, text, limit: MOST };
    Ok(beginning(db, &there.access, there.table(), &wanted, &there.context).await?)
}

async fn first_of(db: &mut Reader, there: &Order, filter: Checked) -> Result<Vec<Record>, Refusal> {
    let (sort, from) = (Vec::new(), From::Start);
    let query = Query { shelf: Shelf::Live, filter, sort, limit: MOST, from, fields: None };
    let page = store::query::page(db, &there.access, there.table(), &query, &there.context).await?;
    Ok(page.records)
}

/// What was typed as it stands, or each of its words: a title that is made of several fields has them in none.
pub fn mentions_all(there: &Order, shown: &[String], search: &str) -> Checked {
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

/// What people see of the record mentions `search`: its title, or one of the `shown` fields.
fn mentions(order: &Order, shown: &[String], search: &str) -> Checked {
    let columns = searched(order, shown);
    let others = shown.iter().filter(|path| !columns.iter().any(|column| column.path == **path));
    let others = others.filter_map(|path| shows(order, path, search));
    let texts = columns.iter().map(|column| {
        let operand = CheckedOperand::Value(Value::text(search));
        test(Reach::own(&column.path), column.read_kind.clone(), Operator::Contains, operand)
    });
    Checked::Any(texts.chain(others).collect())
}

/// A field that is no text of the record itself shows what was typed: a text behind a link contains it, a choice is called so,
/// a number or a day is just that.
fn shows(order: &Order, path: &str, search: &str) -> Option<Checked> {
    let (reach, kind) = order.compiled.form.find(path, &*order.designs).ok()?;
    if !order.may_ask(&reach).unwrap_or(false) {
        return None;
    }
    let (op, operand) = match kind.shape() {
        shape if shape.is_text() => (Operator::Contains, CheckedOperand::Value(Value::text(search))),
        Shape::Key => {
            let search = fold(search);
            let called = |label: &str| fold(label).contains(&search);
            let choices = kind.choices().iter();
            let fitting = choices.filter(|choice| {
                Language::ALL.into_iter().any(|language| called(choice.label.get(language)))
            });
            let keys: Vec<Value> = fitting.map(|choice| Value::text(choice.key.as_str())).collect();
            (Operator::In, Some(keys).filter(|keys| !keys.is_empty()).map(CheckedOperand::List)?)
        }
        Shape::Decimal(_) | Shape::Day => {
            let value = kind.parse_wire(&Json::String(search.to_string())).ok();
            (Operator::Eq, CheckedOperand::Value(value.filter(|value| !value.is_empty())?))
        }
        _ => return None,
    };
    kind.operators().contains(&op).then(|| test(reach, kind, op, operand))
}

/// The texts by which a record is found, as far as the caller may read them: of its title, then the `shown` fields.
fn searched<'o>(order: &'o Order, shown: &[String]) -> Vec<&'o Column> {
    let form = &order.compiled.form;
    let mut columns: Vec<&Column> = Vec::new();
    for path in title_fields(form).iter().chain(shown) {
        let Some(column) = form.column(path) else { continue };
        let searchable = column.shape.is_text();
        let visible = order.access.right(path) >= FieldRight::Read;
        let known = columns.iter().any(|known| known.path == column.path);
        if searchable && visible && !known {
            columns.push(column);
        }
    }
    columns
}

fn test(reach: Reach, kind: FieldKind, op: Operator, operand: CheckedOperand) -> Checked {
    Checked::Test(Box::new(CheckedTest { reach, kind, op, operand, matching: Match::Any }))
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
