//! Trying a flow out: which way a record would go, and who would be asked. Nothing is stored.

use engine::flow::{Answers, Flow, OnRecord, Setting, simulate};
use engine::record::{Draft, ReadPolicy, read_fields};
use engine::value::Id;
use store::flow::FlowRow;
use wire::flows::{SimulateInput, Simulated, SimulatedStop};

use crate::service::designs::stored;
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Installation, Refusal, flows};

/// Walks the draft of the form's flow, or the published one where there is no draft.
///
/// # Errors
/// Not found, forbidden; faults of the record; an answer that is not possible.
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
    let values =
        read_fields(&order.compiled.form, &input.record, &Default::default(), &ReadPolicy::unrestricted())
            .map_err(|faults| {
                Refusal::invalid(faults.into_iter().map(|fault| fault.under("record")).collect())
            })?;
    let mut draft = Draft::new(order.compiled.form.clone(), order.context.clone());
    draft.apply(values);
    let source = draft.source(None);
    let people = flows::directory(&order, order.design()?);
    let subject = OnRecord {
        form: &order.compiled.form,
        catalogue: &*order.designs,
        source: &source,
        context: &order.context,
    };
    let setting = Setting { now: order.now(), people: &people, record: &subject };
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
