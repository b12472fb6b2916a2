//! Trying a flow out: which way a record would go, and who would be asked. Nothing is stored.

use engine::flow::{Answers, Calendar, Flow, OnRecord, Setting, simulate};
use engine::record::{Draft, Linked, ReadPolicy, read_fields};
use engine::value::{Id, Values};
use store::Reader;
use store::flow::FlowRow;
use wire::flows::{SimulateInput, Simulated, SimulatedStop};

use crate::service::designs::stored;
use crate::service::people::Caller;
use crate::service::records::{Eyes, Order};
use crate::service::{Installation, Refusal, flows};

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
    let order = Order::to_read(installation, caller, form).await?;
    if !order.is_administrator() {
        return Err(Refusal::forbidden("forbidden"));
    }
    let mut db = order.reader().await?;
    let row =
        FlowRow::find(&mut db, caller.workspace_id(), order.form).await?.ok_or_else(Refusal::missing)?;
    let flow = Flow::stored(stored("flow", &row.draft)?).map_err(Refusal::invalid)?;
    // Which way it goes tells what was read: nothing of that may be closed to whoever tries it out.
    order.designs.may_read_behind(caller, &flows::link_reads(&order, &flow))?;
    let values =
        read_fields(&order.compiled.form, &input.record, &Default::default(), &ReadPolicy::unrestricted())
            .map_err(|faults| {
                Refusal::invalid(faults.into_iter().map(|fault| fault.under("record")).collect())
            })?;
    let draft = draft_of(&mut db, &order, &flow, values).await?;
    let source = draft.source(None);
    let people = flows::directory(&order, order.design()?);
    let subject = OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    };
    let calendar = Calendar::in_zone(order.context.zone.clone());
    let setting = Setting { now: order.now(), people: &people, record: &subject, calendar: &calendar };
    let answers: Answers =
        serde_json::from_value(input.answers).map_err(|_| Refusal::fault("answers", "wrong_type"))?;
    let submitter: Id = input.submitter.unwrap_or_else(|| caller.id());
    let walk = simulate(&flow, submitter, Default::default(), answers, &setting).map_err(flows::refused)?;
    Ok(Simulated {
        state: walk.status.key().to_string(),
        stops: walk
            .stops
            .into_iter()
            .map(|stop| SimulatedStop {
                step: stop.step,
                people: stop.people.into_iter().map(|asked| asked.member).collect(),
                arms: stop.arms,
            })
            .collect(),
    })
}

/// A new record with these values, and with what the form and the flow read through its links.
async fn draft_of(db: &mut Reader, order: &Order, flow: &Flow, values: Values) -> Result<Draft, Refusal> {
    let reads = flows::link_reads(order, flow);
    let mut linked = Linked::default();
    let sent = std::iter::once(&values);
    order.load_reads(db, sent, &reads, &mut linked, Eyes::Viewer).await?;
    let mut draft = Draft::new_with(order.compiled.form.clone(), order.context.clone(), linked.clone());
    draft.apply(values);
    // What was filled in by rules may lead to further records.
    let filled = draft.values().clone();
    let filled = std::iter::once(&filled);
    if order.load_reads(db, filled, &reads, &mut linked, Eyes::Viewer).await? {
        draft.learn(linked);
    }
    Ok(draft)
}
