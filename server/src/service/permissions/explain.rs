//! Why a member may or may not do something with a record.
//!
//! Groups are explained by the engine; what decides besides them (the flow, a draft, the bin) is added here, and whether
//! somebody sees the record at all is asked of the same code that shows it to them.

use std::collections::BTreeSet;

use engine::access::{Access, Asked, Candidate, FieldRight, Finding, Operation, Part, Teller, explain};
use engine::condition::{Reach, Source};
use engine::record::Draft;
use engine::text::Fault;
use engine::value::Id;
use store::member::MemberState;
use store::record::Record;

use crate::service::designs::{administers, names};
use crate::service::people::Caller;
use crate::service::people::members::person;
use crate::service::records::{Order, Path, edit_of, read};
use crate::service::{Cause, Installation, Refusal};

/// Everything that decides, looked up.
struct Case<'c> {
    caller: &'c Caller,
    /// The member at work with the form.
    order: Order,
    record: Record,
    draft: Draft,
    /// The fields and columns of the record that the member sees; nothing where they don't see it at all.
    seen: Option<BTreeSet<String>>,
}

/// # Errors
/// Not found, forbidden for who does not administer the form; faults of the question.
pub async fn answer(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    id: Id,
    input: &wire::ExplainInput,
) -> Result<wire::Explanation, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let form = designs.form_to_administer(form, caller)?.row.id;
    let member = input.member.unwrap_or_else(|| caller.id());
    let found = caller.people.members.get(&member).cloned();
    let found = found.ok_or_else(|| Refusal::fault("member", "not_an_id"))?;
    let order = Order::known(installation, &caller.seeing_as(found), designs, form, Path::Web)?;
    let questions = questions(&order, input)?;
    let mut db = order.reader().await?;
    let access = Access::system("why somebody may or may not do something");
    let record = store::record::get(&mut db, &access, order.table(), id, &order.context).await?;
    let record = record.ok_or_else(Refusal::missing)?;
    let every = Access::granted(order.compiled.grants.iter().flatten().cloned().collect());
    let around = order.around(&mut db, std::slice::from_ref(&record), &every.link_reads()).await?;
    let draft = order.draft_of(&record, &around);
    let seen = match read::visible_paths(&mut db, &order, id).await {
        Ok((_, paths)) => Some(paths),
        Err(refusal) if refusal.cause == Cause::Missing => None,
        Err(refusal) => return Err(refusal),
    };
    drop(db);
    let case = Case { caller, order, record, draft, seen };
    let answers = questions.iter().map(|asked| case.answer(asked.as_asked())).collect::<Result<_, _>>()?;
    Ok(wire::Explanation { member: person(&caller.people, member), answers })
}

/// A question with its own text.
enum Question {
    Operation(Operation),
    Field(String, FieldRight),
}

impl Question {
    fn as_asked(&self) -> Asked<'_> {
        match self {
            Question::Operation(operation) => Asked::Operation(*operation),
            Question::Field(path, right) => Asked::Field(path, *right),
        }
    }
}

/// What was asked: an operation, a field, both; without any what people ask first.
fn questions(order: &Order, input: &wire::ExplainInput) -> Result<Vec<Question>, Refusal> {
    let mut questions: Vec<Question> = input.operation.into_iter().map(Question::Operation).collect();
    if let Some(path) = &input.field {
        if order.compiled.form.column(path).is_none() {
            let fault = Fault::new("field", "unknown_field").arg("field", path);
            return Err(Refusal::invalid(vec![fault]));
        }
        let rights = [FieldRight::Read, FieldRight::Edit].into_iter();
        questions.extend(rights.map(|right| Question::Field(path.clone(), right)));
    }
    if questions.is_empty() {
        let first = [Operation::View, Operation::Edit, Operation::Delete];
        questions.extend(first.into_iter().map(Question::Operation));
    }
    Ok(questions)
}

impl Case<'_> {
    fn answer(&self, asked: Asked<'_>) -> Result<wire::ExplainedRight, Refusal> {
        let design = self.order.design()?;
        let (member, people) = (&self.order.caller.member, &self.caller.people);
        let is_open = |reach: &Reach| {
            let reads = self.order.compiled.form.reads_behind([reach.clone()]);
            self.order.designs.may_decide_behind(self.caller, &Vec::from_iter(reads)).is_ok()
        };
        let teller = Teller {
            form: &self.order.compiled.form,
            catalogue: &*self.order.designs,
            language: self.caller.language(),
            names: &self.order.context.names,
            member: people.name(member.id),
            is_open: &is_open,
        };
        let groups = design.groups.iter().map(|group| &group.document).zip(&self.order.compiled.grants);
        let candidates: Vec<Candidate<'_>> = groups
            .map(|(group, grant)| Candidate {
                group,
                grant: grant.as_ref(),
                is_named: names(&group.who, &self.order.caller),
            })
            .collect();
        let source = self.draft.source(None);
        let by_groups = explain(&candidates, asked, &source, &self.order.context);
        let is_granted = by_groups.is_allowed || self.order.is_administrator();
        let allowed = self.is_allowed(asked, is_granted, &source);
        let field = match asked {
            Asked::Field(path, _) => teller.field(path),
            Asked::Operation(_) => String::new(),
        };
        let said = [("member", teller.member), ("field", field.as_str())];
        let keys = self.circumstances(asked, is_granted);
        let mut notes: Vec<String> = keys.into_iter().map(|key| teller.say(key, &said)).collect();
        let record_is_closed = matches!(asked, Asked::Field(_, FieldRight::Edit))
            && !self.is_allowed(Asked::Operation(Operation::Edit), false, &source);
        if record_is_closed {
            notes.push(teller.verdict(Asked::Operation(edit_of(&self.record.system)), false));
        }
        if !allowed && !self.order.is_administrator() {
            notes.extend(teller.in_no_group(&by_groups));
        }
        let groups = by_groups.reasons.iter().map(|reason| wire::ExplainedGroup {
            key: reason.group.key.clone(),
            label: reason.group.label.clone(),
            finding: finding(reason.finding).to_string(),
            text: teller.reason(asked, reason),
            rows: reason.rows.as_ref().map(|rows| lines(&teller, rows)).unwrap_or_default(),
        });
        let (operation, field, right) = match asked {
            Asked::Operation(operation) => (Some(operation.name().to_string()), None, None),
            Asked::Field(path, right) => {
                let right = if right == FieldRight::Edit { "edit" } else { "read" };
                (None, Some(path.to_string()), Some(right.to_string()))
            }
        };
        let text = teller.verdict(asked, allowed);
        Ok(wire::ExplainedRight { operation, field, right, allowed, text, notes, groups: groups.collect() })
    }

    /// Whether it is allowed after all, by groups and by what decides besides them.
    fn is_allowed(&self, asked: Asked<'_>, by_groups: bool, source: &dyn Source) -> bool {
        let (order, system) = (&self.order, &self.record.system);
        let is_there = system.deleted_at.is_none();
        let edits = || {
            let may = order.access.may_on(edit_of(system), source, &order.context) || self.is_own_draft();
            may && is_there && system.voided_at.is_none() && !self.is_locked()
        };
        let allowed = match asked {
            Asked::Operation(Operation::View) => self.seen.is_some(),
            Asked::Operation(Operation::Edit) => edits(),
            Asked::Operation(Operation::Delete) => {
                (by_groups || self.is_own_draft()) && system.voided_at.is_none() && !self.is_locked()
            }
            Asked::Operation(Operation::Void) => {
                by_groups && self.is_voidable() && system.voided_at.is_none()
            }
            Asked::Operation(_) => by_groups && is_there,
            Asked::Field(path, FieldRight::Edit) => by_groups && self.is_input(path) && edits(),
            Asked::Field(path, _) => self.seen.as_ref().is_some_and(|seen| seen.contains(path)),
        };
        allowed && order.caller.member.state == MemberState::Active
    }

    /// What decides besides groups, by the keys of the engine's sentences.
    fn circumstances(&self, asked: Asked<'_>, by_groups: bool) -> Vec<&'static str> {
        let (order, system) = (&self.order, &self.record.system);
        let is_administrator = order.is_administrator();
        let app = order.design().ok().and_then(|design| order.designs.app_of(design));
        let is_of_app = app.is_some_and(|app| administers(&order.caller, app));
        let changes = matches!(asked, Asked::Operation(Operation::Edit) | Asked::Field(_, FieldRight::Edit));
        let ends = matches!(asked, Asked::Operation(Operation::Delete | Operation::Void));
        let deletes = asked == Asked::Operation(Operation::Delete);
        let reads = !changes && !by_groups && self.seen.is_some() && !self.is_own_draft();
        let is_computed = matches!(asked, Asked::Field(path, FieldRight::Edit) if !self.is_input(path));
        let is_field_shown = matches!(asked, Asked::Field(path, FieldRight::Read)
            if self.seen.as_ref().is_some_and(|seen| seen.contains(path)));
        let all = [
            (order.caller.is_administrator(), "explain-workspace-administrator"),
            (is_of_app && !order.caller.is_administrator(), "explain-app-administrator"),
            (is_administrator && !is_of_app, "explain-form-administrator"),
            (order.caller.member.state != MemberState::Active, "explain-not-active"),
            (self.is_own_draft(), "explain-own-draft"),
            (system.is_draft() && !self.is_own_draft() && !is_administrator, "explain-foreign-draft"),
            (system.deleted_at.is_some(), "explain-deleted"),
            ((changes || ends) && system.voided_at.is_some(), "explain-voided"),
            ((changes || deletes) && self.is_locked(), "explain-locked"),
            (asked == Asked::Operation(Operation::Void) && !self.is_voidable(), "explain-not-voidable"),
            (changes && edit_of(system) == Operation::EditRunning, "explain-running"),
            (is_computed, "explain-not-input"),
            (reads && asked == Asked::Operation(Operation::View), "explain-in-flow"),
            (reads && is_field_shown, "explain-field-in-flow"),
        ];
        all.into_iter().filter(|(holds, _)| *holds).map(|(_, key)| key).collect()
    }

    /// Whether it was approved, and its form locks what was.
    fn is_locked(&self) -> bool {
        let system = &self.record.system;
        system.deleted_at.is_none() && self.order.compiled.form.locks(system.flow_state.as_deref())
    }

    fn is_voidable(&self) -> bool {
        self.record.system.is_live() && self.order.compiled.form.can_be_voided()
    }

    fn is_own_draft(&self) -> bool {
        let system = &self.record.system;
        system.is_draft() && system.created_by == Some(self.order.caller.id())
    }

    fn is_input(&self, path: &str) -> bool {
        self.order.compiled.form.column(path).is_some_and(|column| column.field.is_input())
    }
}

fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Allows => "allows",
        Finding::OutsideRows => "outside_rows",
        Finding::LacksOperation => "lacks_operation",
        Finding::LacksField(_) => "lacks_field",
        Finding::Broken => "broken",
        Finding::Disabled => "disabled",
        Finding::NotNamed => "not_named",
    }
}

/// What was found about a condition, line by line.
pub fn lines(teller: &Teller<'_>, rows: &Part) -> Vec<wire::ExplainedLine> {
    let line = |line: engine::access::Line| wire::ExplainedLine {
        depth: line.depth,
        holds: line.holds,
        decides: line.decides,
        text: line.text,
        found: line.found,
    };
    teller.rows(rows).into_iter().map(line).collect()
}
