//! A change of permission groups that is not made: who would gain and who would lose what.

use std::collections::BTreeSet;

use engine::access::{Access, Asked, Difference, FieldRight, Grant, PermissionGroup, Right, Teller};
use engine::condition::Checked;
use engine::value::Id;
use store::Reader;
use store::query::{HowMany, Shelf};
use wire::records::Count;

use crate::service::designs::{FormDesign, context, granted_to, named};
use crate::service::forms::groups;
use crate::service::people::Caller;
use crate::service::people::members::person;
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal, clock, strict};

/// Members whose rights are looked at; who changes the rights of more is told how many were left out.
pub(super) const MOST_MEMBERS: usize = 200;

/// The groups of a form, each with what it grants.
pub(super) type Groups = Vec<(PermissionGroup, Option<Grant>)>;

/// What a change of one group would mean for those whom it names before or after.
///
/// # Errors
/// Not found, forbidden; every fault of the group; a fault where neither a group nor a document is given.
pub async fn dry_run(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    input: wire::GroupChangeInput,
) -> Result<wire::GroupChange, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.form_to_administer(form, caller)?;
    let form = design.row.id;
    let place = match input.id {
        None => None,
        Some(id) => {
            let place = design.groups.iter().position(|group| group.id == id);
            Some(place.ok_or_else(Refusal::missing)?)
        }
    };
    let changed = match input.document {
        Some(document) => {
            let group: PermissionGroup = strict::document(document)?;
            let grant = groups::check(&designs, caller, form, &group)?;
            Some((group, Some(grant)))
        }
        None if place.is_none() => return Err(Refusal::fault("document", "required")),
        None => None,
    };
    let before = known(design, &designs.compiled(design)?.grants);
    let (touched, after) = with_change(&before, place, changed);
    let is_bound = |member: &Id| {
        let seen = caller.people.members.get(member).map(|seen| caller.seeing_as(seen.clone()));
        seen.is_none_or(|seen| !designs.administers_form(design, &seen))
    };
    let all: BTreeSet<Id> = touched.iter().flat_map(|group| named(&group.who, &caller.people)).collect();
    let (bound, administrators): (BTreeSet<Id>, BTreeSet<Id>) = all.into_iter().partition(is_bound);
    let members = caller.people.ordered(bound);
    let order = Order::known(installation, caller, designs.clone(), form, Path::of(caller))?;
    let mut tally = Tally::over(&order).await?;
    let everyone = touched.iter().any(|group| group.who.everyone);
    let administrators = u32::try_from(caller.people.ordered(administrators).len()).unwrap_or(u32::MAX);
    let mut change =
        wire::GroupChange { members: Vec::new(), unchanged: 0, left_out: 0, administrators, everyone };
    for (number, id) in members.iter().enumerate() {
        let Some(member) = caller.people.members.get(id).filter(|_| number < MOST_MEMBERS) else {
            change.left_out += 1;
            continue;
        };
        let seen = caller.seeing_as(member.clone());
        let (gains, losses) =
            tally.of_member(&seen, &granted(&seen, &before), &granted(&seen, &after)).await?;
        if gains.is_empty() && losses.is_empty() {
            change.unchanged += 1;
        } else {
            let member = person(&caller.people, *id);
            change.members.push(wire::MemberChange { member, gains, losses });
        }
    }
    Ok(change)
}

/// The groups of a form as they are, with what they grant.
pub(super) fn known(design: &FormDesign, grants: &[Option<Grant>]) -> Groups {
    let groups = design.groups.iter().map(|group| group.document.clone());
    groups.zip(grants.iter().cloned()).collect()
}

/// The group before and after the change, and all groups after it.
fn with_change(
    before: &Groups,
    place: Option<usize>,
    changed: Option<(PermissionGroup, Option<Grant>)>,
) -> (Vec<PermissionGroup>, Groups) {
    let mut after = before.clone();
    let mut touched = Vec::new();
    if let Some(place) = place.filter(|place| *place < after.len()) {
        touched.push(after.remove(place).0);
    }
    if let Some(changed) = changed {
        touched.push(changed.0.clone());
        after.push(changed);
    }
    (touched, after)
}

/// What those of the groups grant that name somebody.
pub(super) fn granted(seen: &Caller, groups: &Groups) -> Access {
    granted_to(seen, groups.iter().map(|(group, grant)| (group, grant.as_ref())))
}

/// Counts records, each question once: most people of a group gain and lose the same.
pub(super) struct Tally<'o> {
    db: Reader,
    order: &'o Order,
    /// What was asked, for whom where it depends on them, and how many there are.
    known: Vec<(Checked, Option<Id>, Count)>,
}

pub(super) type Changes = Vec<wire::RightChange>;

impl<'o> Tally<'o> {
    /// Over the records of a form.
    ///
    /// # Errors
    /// When the database can't be read.
    pub(super) async fn over(order: &'o Order) -> Result<Tally<'o>, Refusal> {
        Ok(Tally { db: order.reader().await?, order, known: Vec::new() })
    }

    /// What somebody gains and what they lose, where they may do `before` now and `after` from then on.
    ///
    /// # Errors
    /// When records can't be counted.
    pub(super) async fn of_member(
        &mut self,
        seen: &Caller,
        before: &Access,
        after: &Access,
    ) -> Result<(Changes, Changes), Refusal> {
        let form = self.order.compiled.form.clone();
        let columns = form.all_columns().filter(|column| column.field.kind.holds_data());
        let paths: Vec<&str> = columns.map(|column| column.path.as_str()).collect();
        let differences = before.differences(after, paths);
        let (mut gains, mut losses) = (Vec::new(), Vec::new());
        for difference in &differences {
            let is_input = match &difference.right {
                Right::Field(path, FieldRight::Edit) => {
                    form.column(path).is_some_and(|column| column.field.is_input())
                }
                Right::Field(..) | Right::Operation(_) => true,
            };
            if !is_input {
                continue;
            }
            gains.extend(self.told(seen, difference, difference.gained()).await?);
            losses.extend(self.told(seen, difference, difference.lost()).await?);
        }
        Ok((gains, losses))
    }

    /// A right in words, with the number of records; nothing where no record makes it more or less.
    async fn told(
        &mut self,
        seen: &Caller,
        difference: &Difference,
        rows: Option<Checked>,
    ) -> Result<Option<wire::RightChange>, Refusal> {
        let Some(rows) = rows else { return Ok(None) };
        let records = match difference.is_of_records() {
            true => Some(self.count(seen, rows).await?),
            false => None,
        };
        // What can be done at all now, or no more, is told of a form without records, too.
        let is_new = difference.before.is_none() || difference.after.is_none();
        let is_whole = is_new && matches!(difference.right, Right::Operation(_));
        if !is_whole && records.is_some_and(|count| count.exact && count.value == 0) {
            return Ok(None);
        }
        let order = self.order;
        let teller = Teller {
            form: &order.compiled.form,
            catalogue: &*order.designs,
            language: order.caller.language(),
            names: &order.context.names,
            member: &seen.member.name,
            is_open: &|_| false,
        };
        Ok(Some(match &difference.right {
            Right::Operation(operation) => wire::RightChange {
                operation: Some(operation.name().to_string()),
                field: None,
                right: None,
                text: teller.deed(Asked::Operation(*operation)),
                records,
            },
            Right::Field(path, right) => wire::RightChange {
                operation: None,
                field: Some(path.clone()),
                right: Some(if *right == FieldRight::Edit { "edit" } else { "read" }.to_string()),
                text: teller.deed(Asked::Field(path, *right)),
                records,
            },
        }))
    }

    async fn count(&mut self, seen: &Caller, rows: Checked) -> Result<Count, Refusal> {
        let viewer = rows.depends_on_moment_or_viewer().then(|| seen.id());
        let known = self.known.iter().find(|(asked, of, _)| *asked == rows && *of == viewer);
        if let Some((_, _, count)) = known {
            return Ok(*count);
        }
        let access = Access::system("what a change of permissions would mean");
        let theirs = context(seen, clock::now());
        let params = self.order.context.params.clone();
        let theirs = engine::context::Context { params, ..theirs };
        let table = self.order.table();
        let asked = HowMany::new(&mut self.db, &access, table, Shelf::Live, &rows, &theirs).await?;
        let counted = asked.estimate(&mut self.db).await?;
        let count = Count { value: counted.value, exact: counted.exact };
        self.known.push((rows, viewer, count));
        Ok(count)
    }
}
