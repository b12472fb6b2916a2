//! Trying a flow out: which way a record would go, and who would be asked. Nothing is stored.

use engine::access::{Part, Teller};
use engine::condition::{Checked, Reach};
use engine::flow::document::Step;
use engine::flow::who::Nobody;
use engine::flow::{
    Answers, Chosen, Coverage, Directory, Fallback, Flow, OnRecord, Sending, Setting, Stop, Walk, of_record,
    simulate,
};
use engine::record::{Draft, Linked, ReadPolicy, Sent, read_fields};
use engine::text::Fault;
use engine::value::{Id, Values};
use store::Reader;
use store::flow::FlowRow;
use store::flow_message::FlowMessage;
use store::query::{From, Query, Shelf};
use store::record::Record;
use wire::flow_design::{CoverageInput, FlowCoverage, MissedArm, TriedCondition, TryConditionInput};
use wire::simulation::{Amiss, SimulateInput, Simulated, SimulatedArm, SimulatedSending, SimulatedStop};

use super::instances::stood_in_for;
use super::{messages, reach};
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::people::Caller;
use crate::service::permissions::explain::lines;
use crate::service::records::{Eyes, Order, system_values};
use crate::service::{Installation, Refusal, flows};

/// Records that are tried at once, and when nothing is said.
const MOST: u32 = 200;
const USUAL: u32 = 50;

/// Walks the draft of the form's flow, or the published one where there is no draft.
///
/// # Errors
/// Not found, forbidden; `reads_hidden_field` for a flow that reads, behind links, what the caller may not; faults of the
/// record; an answer that is not possible.
pub async fn run(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    input: SimulateInput,
) -> Result<Simulated, Refusal> {
    let trial = Trial::of_draft(installation, caller, form).await?;
    let order = &trial.order;
    let mut db = order.reader().await?;
    let known = match input.id {
        Some(id) => Some(trial.record(&mut db, id).await?),
        None => None,
    };
    let before = known.as_ref().map(|record| record.values.clone()).unwrap_or_default();
    let sent = read_fields(&order.compiled.form, &input.record, &before, &ReadPolicy::unrestricted())
        .map_err(|faults| {
            Refusal::invalid(faults.into_iter().map(|fault| fault.under("record")).collect())
        })?;
    let answers: Answers =
        serde_json::from_value(input.answers).map_err(|_| Refusal::fault("answers", "wrong_type"))?;
    let draft = trial.draft(&mut db, known.as_ref(), sent).await?;
    let submitter = input.submitter.unwrap_or_else(|| caller.id());
    let Walked { state, stops: told, values } = trial.walked(draft, submitter, input.chosen, answers)?;
    let mut stops = Vec::with_capacity(told.len());
    for (stop, sends) in told {
        let sends = match sends {
            None => None,
            Some(Tried::Call(call)) => Some(call),
            Some(Tried::Message(written)) => {
                let read = messages::tried(&mut db, order, &written, &values).await?;
                let content = Some(read.text).filter(|text| !text.is_empty());
                Some(SimulatedSending { kind: "message".to_string(), title: read.title, content })
            }
        };
        stops.push(SimulatedStop { sends, ..stop });
    }
    Ok(Simulated { state, stops })
}

/// Walks the newest records through the draft, each submitted by whoever made it.
///
/// # Errors
/// As [`run`]; a number of records out of bounds.
pub async fn coverage(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    input: CoverageInput,
) -> Result<FlowCoverage, Refusal> {
    let number = input.records.unwrap_or(USUAL);
    if number == 0 {
        return Err(Refusal::invalid(vec![Fault::new("records", "too_small").arg("min", 1)]));
    }
    if number > MOST {
        return Err(Refusal::invalid(vec![Fault::new("records", "too_large").arg("max", MOST)]));
    }
    let trial = Trial::of_draft(installation, caller, form).await?;
    let mut db = trial.order.reader().await?;
    let mut coverage = Coverage::default();
    let mut refused = 0;
    for record in trial.newest(&mut db, number).await? {
        let draft = trial.draft(&mut db, Some(&record), Sent::default()).await?;
        let maker = record.system.created_by.filter(|maker| caller.people.is_active(*maker));
        let submitter = maker.unwrap_or_else(|| caller.id());
        match trial.walk(&draft, submitter, Chosen::new(), Answers::new()) {
            Ok(walk) => coverage.add(&walk),
            Err(_) => refused += 1,
        }
    }
    let missed = coverage.missed(trial.flow.document()).into_iter();
    Ok(FlowCoverage {
        records: coverage.walks + refused,
        refused,
        missed: missed.map(|arm| MissedArm { step: arm.step, arm: arm.arm }).collect(),
        steps: coverage.steps,
        arms: coverage.arms,
        ends: coverage.ends.into_iter().map(|(state, count)| (state.to_string(), count)).collect(),
    })
}

/// Holds a condition of an arm against a record, part by part, and counts the newest records for which it holds.
///
/// # Errors
/// Not found, forbidden; faults of the condition; `reads_hidden_field`.
pub async fn condition(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    input: TryConditionInput,
) -> Result<TriedCondition, Refusal> {
    let order = administered(installation, caller, form).await?;
    let checked = order.compiled.form.check(&of_record(&input.when), &*order.designs).map_err(|faults| {
        let at = |fault: Fault| Fault { path: "when".to_string(), ..fault };
        Refusal::invalid(faults.into_iter().map(at).collect())
    })?;
    let reads: Vec<Reach> = checked.reaches().into_iter().filter(|reach| !reach.hops.is_empty()).collect();
    order.designs.may_read_behind(caller, &reads)?;
    let mut db = order.reader().await?;
    let newest = newest(&mut db, &order, USUAL).await?;
    let tried = match input.id {
        Some(id) => Some(record_of(&mut db, &order, id).await?),
        None => newest.first().cloned(),
    };
    let mut matching = 0;
    for record in &newest {
        let draft = draft_of(&mut db, &order, &reads, Some(record), Sent::default()).await?;
        if checked.holds(&draft.source(None), &order.context) {
            matching += 1;
        }
    }
    let records = u32::try_from(newest.len()).unwrap_or(u32::MAX);
    let Some(record) = tried else {
        return Ok(TriedCondition { id: None, holds: false, lines: Vec::new(), records, matching });
    };
    let draft = draft_of(&mut db, &order, &reads, Some(&record), Sent::default()).await?;
    let holds = checked.holds(&draft.source(None), &order.context);
    let lines = told(&order, &draft, &checked);
    Ok(TriedCondition { id: Some(record.id), holds, lines, records, matching })
}

/// A flow that is tried out on the records of its form.
struct Trial {
    order: Order,
    flow: Flow,
    people: Directory,
    /// What the flow reads through links.
    reads: Vec<Reach>,
}

impl Trial {
    async fn of_draft(installation: &Installation, caller: &Caller, form: &str) -> Result<Trial, Refusal> {
        let order = administered(installation, caller, form).await?;
        let mut db = order.reader().await?;
        let row =
            FlowRow::find(&mut db, caller.workspace_id(), order.form).await?.ok_or_else(Refusal::missing)?;
        let flow = Flow::stored(stored("flow", &row.draft)?).map_err(Refusal::invalid)?;
        let mut reads = flows::link_reads(&order, &flow);
        reads.extend(reach::sent_reads(&order.designs, &order.compiled.form, flow.document()));
        // Which way it goes tells what was read: nothing of that may be closed to whoever tries it out.
        order.designs.may_read_behind(caller, &reads)?;
        let people = flows::directory(&order, order.design()?);
        Ok(Trial { order, flow, people, reads })
    }

    async fn record(&self, db: &mut Reader, id: Id) -> Result<Record, Refusal> {
        record_of(db, &self.order, id).await
    }

    async fn newest(&self, db: &mut Reader, number: u32) -> Result<Vec<Record>, Refusal> {
        newest(db, &self.order, number).await
    }

    async fn draft(&self, db: &mut Reader, known: Option<&Record>, sent: Sent) -> Result<Draft, Refusal> {
        draft_of(db, &self.order, &self.reads, known, sent).await
    }

    fn walk(&self, draft: &Draft, submitter: Id, chosen: Chosen, answers: Answers) -> Result<Walk, Refusal> {
        walk(&self.order, (&self.flow, &self.people), draft, submitter, (chosen, answers))
    }

    fn told(&self, draft: &Draft, stop: Stop) -> Result<SimulatedStop, Refusal> {
        let order = &self.order;
        let asked = stop.asked.into_iter().map(|arm| {
            // A condition that no longer fits the form does not hold, and has nothing to say.
            let checked = order.compiled.form.check(&arm.when, &*order.designs).ok();
            let lines = checked.map(|checked| told(order, draft, &checked)).unwrap_or_default();
            SimulatedArm { arm: arm.arm, holds: arm.holds, lines }
        });
        Ok(SimulatedStop {
            asked: asked.collect(),
            step: stop.step,
            on_behalf_of: stood_in_for(&stop.people),
            people: stop.people.into_iter().map(|asked| asked.member).collect(),
            amiss: amiss(stop.fallback)?,
            arms: stop.arms,
            state: to_json(&stop.state)?.trim_matches('"').to_string(),
            sends: None,
        })
    }

    /// Where a record would go, with what each step on the way would send, and what the record holds.
    fn walked(
        &self,
        draft: Draft,
        submitter: Id,
        chosen: Chosen,
        answers: Answers,
    ) -> Result<Walked, Refusal> {
        let walk = self.walk(&draft, submitter, chosen, answers)?;
        let state = walk.status.key().to_string();
        let told = walk.stops.into_iter().map(|stop| {
            let sends = self.sends(&draft, &stop.step)?;
            Ok((self.told(&draft, stop)?, sends))
        });
        let told = told.collect::<Result<Vec<_>, Refusal>>()?;
        Ok(Walked { state, stops: told, values: draft.values().clone() })
    }

    /// What a step would send, with the record as it is tried out.
    fn sends(&self, draft: &Draft, step: &str) -> Result<Option<Tried>, Refusal> {
        let order = &self.order;
        let Some(Step::Action(action)) = self.flow.step(step) else { return Ok(None) };
        let Some(sending) = Sending::of(&action.action) else { return Ok(None) };
        let source = draft.source(None);
        let record = OnRecord {
            form: &order.compiled.form,
            catalogue: &*order.designs,
            source: &source,
            context: &order.context,
        };
        Ok(Some(match sending {
            Sending::Message(message) => {
                let at = (store::ids::next(), step);
                Tried::Message(messages::written(order, at, &message, &record)?)
            }
            Sending::Call(call) => {
                let request = call.request(&record);
                let title = format!("{} {}", request.method.key(), request.url);
                Tried::Call(SimulatedSending { kind: "call".to_string(), title, content: request.body })
            }
        }))
    }
}

/// What was amiss with the people of a step; nothing where it has those whom it names.
fn amiss(fallback: Fallback) -> Result<Option<Amiss>, Refusal> {
    if fallback == Fallback::default() {
        return Ok(None);
    }
    let empty = fallback.empty.iter().map(serde_json::to_value).collect::<Result<_, _>>();
    Ok(Some(Amiss {
        empty: empty.map_err(Refusal::internal)?,
        instead: fallback.instead.map(|instead| nobody_name(instead).to_string()),
        left: fallback.left,
        own_manager: fallback.own_manager,
    }))
}

/// The name in the API of what is done where nobody is found.
pub(super) fn nobody_name(nobody: Nobody) -> &'static str {
    match nobody {
        Nobody::AutoApprove => "auto_approve",
        Nobody::Admins => "admins",
        Nobody::Hold => "hold",
        Nobody::Member(_) => "member",
    }
}

/// Where a record would go, with what each step on the way would send.
struct Walked {
    state: String,
    stops: Vec<(SimulatedStop, Option<Tried>)>,
    /// What the record holds.
    values: Values,
}

/// What a step would send, before it is known what of it may be read.
enum Tried {
    Message(FlowMessage),
    Call(SimulatedSending),
}

/// The form at work for one who administers it.
async fn administered(installation: &Installation, caller: &Caller, form: &str) -> Result<Order, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    if order.is_administrator() { Ok(order) } else { Err(Refusal::forbidden("forbidden")) }
}

/// A condition held against a record, in the reader's words.
fn told(order: &Order, draft: &Draft, checked: &Checked) -> Vec<wire::ExplainedLine> {
    let is_open =
        |reach: &Reach| order.designs.may_read_behind(&order.caller, std::slice::from_ref(reach)).is_ok();
    let teller = Teller {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        language: order.caller.language(),
        names: &order.context.names,
        member: &order.caller.member.name,
        is_open: &is_open,
    };
    lines(&teller, &Part::of(checked, &draft.source(None), &order.context))
}

async fn record_of(db: &mut Reader, order: &Order, id: Id) -> Result<Record, Refusal> {
    let found = store::record::get(db, &order.access, order.table(), id, &order.context).await?;
    found.filter(|record| record.system.deleted_at.is_none()).ok_or_else(Refusal::missing)
}

/// The newest records that the caller sees, with their sub-forms.
async fn newest(db: &mut Reader, order: &Order, number: u32) -> Result<Vec<Record>, Refusal> {
    let asked = Query {
        shelf: Shelf::Live,
        filter: Checked::always(),
        sort: order.sort(&[])?,
        limit: number,
        from: From::Start,
        fields: None,
    };
    let page = store::query::page(db, &order.access, order.table(), &asked, &order.context).await?;
    let ids: Vec<Id> = page.records.iter().map(|record| record.id).collect();
    let mut found = store::record::get_many(db, &order.access, order.table(), &ids, &order.context).await?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Walks a flow with a record as it would be, as somebody's request, among the people that there are.
pub(super) fn walk(
    order: &Order,
    (flow, people): (&Flow, &Directory),
    draft: &Draft,
    submitter: Id,
    (chosen, answers): (Chosen, Answers),
) -> Result<Walk, Refusal> {
    let source = draft.source(None);
    let record = OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    };
    let calendar = order.calendar();
    let setting = Setting { now: order.now(), people, record: &record, calendar: &calendar };
    simulate(flow, submitter, chosen, answers, &setting).map_err(flows::refused)
}

/// A record with these values, new or on top of a stored one, and with what the form and the flow read through its links.
pub(super) async fn draft_of(
    db: &mut Reader,
    order: &Order,
    reads: &[Reach],
    known: Option<&Record>,
    sent: Sent,
) -> Result<Draft, Refusal> {
    let before = known.map(|record| record.values.clone()).unwrap_or_default();
    let mut linked = Linked::default();
    let held = [&before, &sent.values].into_iter();
    order.load_reads(db, held, reads, &mut linked, Eyes::Viewer).await?;
    let (form, context) = (order.compiled.form.clone(), order.context.clone());
    let mut draft = match known {
        None => Draft::new_with(form, context, linked.clone()),
        Some(record) => {
            let mut given = system_values(record);
            given.extend(record.figures.clone());
            if order.compiled.form.needs_rollups() {
                let mut rollups = order.rollups(db, std::slice::from_ref(record)).await?;
                given.extend(rollups.remove(&record.id).unwrap_or_default());
            }
            Draft::edit(form, context, linked.clone(), before.clone(), given)
        }
    };
    draft.apply(sent);
    // What was filled in by rules may lead to further records.
    let filled = draft.values().clone();
    let filled = std::iter::once(&filled);
    if order.load_reads(db, filled, reads, &mut linked, Eyes::Viewer).await? {
        draft.learn(linked);
    }
    Ok(draft)
}
