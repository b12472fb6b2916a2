//! What a permission group alone would let its people see.

use engine::access::{Access, FieldRight, Operation, PermissionGroup};
use engine::condition::Checked;
use engine::value::Id;
use store::Reader;
use store::query::{From, HowMany, Query, Shelf, Sort, page};
use wire::records::Count;

use crate::service::designs::{context, named};
use crate::service::forms::groups;
use crate::service::people::Caller;
use crate::service::people::members::person;
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal, clock, strict};

/// Records of a sample.
const SAMPLE: u32 = 5;
/// People who are named at most.
const MOST_PEOPLE: usize = 50;

/// Looks at a group as it would be. The records are counted as one of its people would see them; what they refer to is
/// called as the caller may see it.
///
/// # Errors
/// Not found, forbidden; every fault of the group; a fault for a member who is not there.
pub async fn preview(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    input: wire::GroupPreviewInput,
) -> Result<wire::GroupPreview, Refusal> {
    let group: PermissionGroup = strict::document(input.document)?;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let form = designs.form_to_administer(form, caller)?.row.id;
    let grant = groups::check(&designs, caller, form, &group)?;
    let people = named(&group.who, &caller.people);
    let seen_by = member(caller, input.member)?.or_else(|| people.first().copied());

    let mut order = Order::known(installation, caller, designs, form, Path::of(caller))?;
    if let Some(member) = seen_by.and_then(|id| caller.people.members.get(&id)) {
        let theirs = context(&caller.seeing_as(member.clone()), clock::now());
        order.context = engine::context::Context { params: order.context.params.clone(), ..theirs };
    }
    let depends_on_member =
        [Operation::View, Operation::Edit, Operation::Delete].into_iter().any(|operation| {
            let rows = Access::granted(vec![grant.clone()]).rows(operation);
            rows.is_some_and(|rows| rows.depends_on_moment_or_viewer())
        });
    order.access = order.access.by_group(grant);
    let mut db = order.reader().await?;
    let every = Access::system("how many records there are in all");
    let records = count(&mut db, &order, &every).await?;
    let view = count(&mut db, &order, &order.access).await?;
    let edit = count(&mut db, &order, &order.access.showing(Operation::Edit)).await?;
    let delete = count(&mut db, &order, &order.access.showing(Operation::Delete)).await?;
    let (sample, titles) = sample(&mut db, &order).await?;
    let columns = order.compiled.form.fields().filter(|column| column.field.kind.holds_data());
    let rights: Vec<(FieldRight, bool)> =
        columns.map(|column| (order.access.right(&column.path), column.field.is_input())).collect();
    let number = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    Ok(wire::GroupPreview {
        members: number(people.len()),
        people: people.iter().take(MOST_PEOPLE).map(|id| person(&caller.people, *id)).collect(),
        seen_by: seen_by.map(|id| person(&caller.people, id)),
        depends_on_member,
        records,
        view,
        edit,
        delete,
        fields: number(rights.len()),
        readable: number(rights.iter().filter(|(right, _)| *right >= FieldRight::Read).count()),
        editable: number(rights.iter().filter(|(right, input)| *right == FieldRight::Edit && *input).count()),
        sample,
        titles,
    })
}

/// The member who is meant, if one is.
///
/// # Errors
/// `not_an_id`
pub fn member(caller: &Caller, id: Option<Id>) -> Result<Option<Id>, Refusal> {
    match id {
        Some(id) if !caller.people.members.contains_key(&id) => Err(Refusal::fault("member", "not_an_id")),
        id => Ok(id),
    }
}

/// How many records of the form an access shows; about how many of a large form.
async fn count(db: &mut Reader, order: &Order, access: &Access) -> Result<Count, Refusal> {
    let (shelf, filter) = (Shelf::Live, Checked::always());
    let asked = HowMany::new(db, access, order.table(), shelf, &filter, &order.context).await?;
    let counted = asked.estimate(db).await?;
    Ok(Count { value: counted.value, exact: counted.exact })
}

/// The newest records with the fields that the group shows.
async fn sample(
    db: &mut Reader,
    order: &Order,
) -> Result<(Vec<wire::records::Record>, crate::service::records::titles::Titles), Refusal> {
    let sort: Vec<Sort> = order.sort(&[])?;
    let asked = Query {
        shelf: Shelf::Live,
        filter: Checked::always(),
        sort,
        limit: SAMPLE,
        from: From::Start,
        fields: None,
    };
    let found = page(db, &order.access, order.table(), &asked, &order.context).await?;
    let fields: Vec<String> = order.compiled.form.fields().map(|column| column.path.clone()).collect();
    let items = order.view_all(db, &found.records, None, None).await?;
    let mut titles = order.titles(db, &found.records, &fields).await?;
    order.file_names(db, &items, &mut titles).await?;
    Ok((items, titles))
}
