//! The test bench: a script runs in a save that is rolled back, for who administers its app and the forms that it names.

use std::sync::Arc;

use engine::form::{Catalogue, Form, ScriptBinding, Sketch};
use engine::script::{Case, Script, ScriptEvent, Tried, differences};
use engine::text::{Fault, Faults};
use engine::value::Id;
use store::{Tx, ids};

use super::{check, check_cases};
use crate::service::designs::{Compiled, Designs};
use crate::service::people::Caller;
use crate::service::records::save::{Change, Create, save};
use crate::service::records::trial::{Account, Trial};
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal};

/// The key of a script that has none yet.
const UNNAMED: &str = "new";
/// Why a record is voided that is void only for a moment.
const REASON: &str = "a trial";

/// A script as somebody tries it.
#[derive(Clone)]
struct Trying {
    app: Id,
    key: String,
    script: Arc<Script>,
}

/// How a trial ends: never so that anything would stay.
enum Ended {
    Told(Box<wire::Trial>),
    Refused(Box<Refusal>),
}

impl From<store::Error> for Ended {
    fn from(error: store::Error) -> Ended {
        Ended::Refused(Box::new(error.into()))
    }
}

/// Tries a script out. What it is refused, and what it refuses, is in the answer.
///
/// # Errors
/// Not found, forbidden for who does not administer the app or the form; what is wrong with the script, at `source`; `busy`.
pub async fn try_out(
    installation: &Installation,
    caller: &Caller,
    app: &str,
    input: wire::TrialInput,
) -> Result<wire::Trial, Refusal> {
    caller.may_change()?;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let app = designs.app_to_administer(app, caller)?.id;
    let key = input.key.unwrap_or_else(|| UNNAMED.to_string());
    let script = Arc::new(check(&designs, caller, (app, &key), &input.source)?);
    run(installation, caller, Trying { app, key, script }, input.tried).await
}

/// Runs the cases of a script, one after the other: between them others write.
///
/// # Errors
/// As [`try_out`]; what is wrong with the cases.
pub async fn test(
    installation: &Installation,
    caller: &Caller,
    (app, key): (&str, &str),
    input: wire::ScriptTestInput,
) -> Result<wire::ScriptTested, Refusal> {
    caller.may_change()?;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let app = designs.app_to_administer(app, caller)?.id;
    let design = designs.scripts_of(app).find(|design| design.row.key == key);
    let design = design.ok_or_else(Refusal::missing)?;
    let source = input.source.as_deref().unwrap_or(&design.source);
    let script = Arc::new(check(&designs, caller, (app, key), source)?);
    let cases = input.cases.unwrap_or_else(|| design.cases.clone());
    check_cases(&cases)?;
    let trying = Trying { app, key: key.to_string(), script };
    let mut tested = Vec::with_capacity(cases.len());
    for Case { name, tried, expected } in cases {
        let trial = run(installation, caller, trying.clone(), tried).await?;
        let differences = differences(&expected, &trial.effects);
        tested.push(wire::CaseTested { name, passed: differences.is_empty(), differences, trial });
    }
    Ok(wire::ScriptTested { passed: tested.iter().all(|case| case.passed), cases: tested })
}

/// One trial, in a transaction that is rolled back whatever comes of it.
async fn run(
    installation: &Installation,
    caller: &Caller,
    trying: Trying,
    tried: Tried,
) -> Result<wire::Trial, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    let ended: Result<(), Ended> = installation
        .store
        .write(move |tx| Box::pin(async move { Err(ended(&parts, tx, &actor, &trying, &tried).await) }))
        .await;
    match ended {
        Ok(()) => Err(Refusal::internal("a trial was stored")),
        Err(Ended::Told(told)) => Ok(*told),
        Err(Ended::Refused(refusal)) => Err(*refusal),
    }
}

async fn ended(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    trying: &Trying,
    tried: &Tried,
) -> Ended {
    let began = begin(installation, tx, caller, trying, tried).await;
    let (trial, outcome) = match began {
        Ok(begun) => begun,
        Err(refusal) => return Ended::Refused(Box::new(refusal)),
    };
    let refusal = match outcome {
        Ok(()) => None,
        // Not the script's doing: it may be tried again.
        Err(refusal) if matches!(refusal.cause, Cause::Busy | Cause::Internal | Cause::DiskFull) => {
            return Ended::Refused(Box::new(refusal));
        }
        Err(refusal) => Some(refusal),
    };
    Ended::Told(Box::new(told(caller, &trial, refusal)))
}

/// Does to the record what is to happen to it. The outcome stands beside what was written down until then.
async fn begin(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    trying: &Trying,
    tried: &Tried,
) -> Result<(Arc<Trial>, Result<(), Refusal>), Refusal> {
    let designs = installation.designs.newest(&installation.store, tx, caller.workspace_id()).await?;
    let form = form_of(&designs, caller, trying.app, &tried.form)?;
    let order = Order::to_write(installation, tx, caller, &form.to_string(), Path::Api).await?;
    // Nobody is told of it, and no hook is called.
    let order = Order { triggers: false, ..order };
    let record = tried.record.unwrap_or_else(ids::next);
    let trial = Trial::new(caller, trying.app, trying.key.clone(), trying.script.clone(), (record, tried.on));
    let trial = Arc::new(trial);
    let bound = bound(&order, trying, Some(tried.on))?;
    let bound = Order { trial: Some(trial.clone()), ..bound };
    let create = |fields| {
        let start_flow = Some(false);
        Change::Create(Create { id: Some(record), fields, start_flow, ..Create::default() })
    };
    let is_first = matches!(tried.on, ScriptEvent::Submit | ScriptEvent::Approve);
    if tried.record.is_none() && is_first {
        let outcome = save(tx, &bound, vec![create(tried.fields.clone())]).await;
        return Ok((trial, outcome.map(|_| ())));
    }
    if tried.record.is_none() {
        // It is there before something happens to it, and that runs no script.
        let silent = self::bound(&order, trying, None)?;
        let before =
            if tried.on == ScriptEvent::Change && !tried.old.is_empty() { &tried.old } else { &tried.fields };
        if let Err(refusal) = save(tx, &silent, vec![create(before.clone())]).await {
            return Ok((trial, Err(refusal)));
        }
    }
    let change = match tried.on {
        ScriptEvent::Submit | ScriptEvent::Approve | ScriptEvent::Change => {
            Change::Update { id: record, version: None, fields: tried.fields.clone(), system: None }
        }
        ScriptEvent::Void => Change::Void { id: record, reason: REASON.to_string() },
        ScriptEvent::Delete => Change::Delete { id: record, version: None },
    };
    let outcome = save(tx, &bound, vec![change]).await;
    Ok((trial, outcome.map(|_| ())))
}

/// The form that a script of the app means, for who administers it.
fn form_of(designs: &Designs, caller: &Caller, app: Id, name: &str) -> Result<Id, Refusal> {
    let sketch = Catalogue::form(designs, designs.app_key(app), name);
    let design = sketch.and_then(|sketch| designs.forms.get(&sketch.id));
    let design = design.filter(|design| designs.administers_form(design, caller));
    let unknown = || Refusal::invalid(vec![Fault::new("tried.form", "unknown_form").arg("form", name)]);
    design.map(|design| design.row.id).ok_or_else(unknown)
}

/// The form with the script that is tried bound to what happens, and no other; or with none.
fn bound(order: &Order, trying: &Trying, on: Option<ScriptEvent>) -> Result<Order, Refusal> {
    let form = &order.compiled.form;
    let script = format!("{}/{}", order.designs.app_key(trying.app), trying.key);
    let binding = on.map(|on| ScriptBinding { on, when: None, script });
    let mut document = form.sketch.document.clone();
    document.scripts = binding.into_iter().collect();
    let sketch = Sketch { id: form.sketch.id, app: form.sketch.app.clone(), document };
    let broken = |faults: Faults| Refusal { faults, ..Refusal::conflict("form_broken") };
    let form = Form::compile(Arc::new(sketch), form.version, &*order.designs).map_err(broken)?;
    // Only what is a script's to set is set, as where the form binds it.
    let closed = form.sketch.document.closed_to_scripts(&trying.script.outline.sets);
    if on.is_some() && !closed.is_empty() {
        let faults = closed.into_iter();
        let faults = faults.map(|field| Fault::new("source", "script_sets_field").arg("field", field));
        return Err(Refusal::invalid(faults.collect()));
    }
    let compiled = Compiled { form: Arc::new(form), grants: order.compiled.grants.clone() };
    Ok(Order { compiled, ..order.clone() })
}

fn told(caller: &Caller, trial: &Trial, refusal: Option<Refusal>) -> wire::Trial {
    let code = refusal.as_ref().map(|refusal| refusal.named.clone().unwrap_or(refusal.code.to_string()));
    let Account { effects, reads, log, ended, used, unseen } = trial.account(code);
    let problem = refusal.map(|refusal| refusal.document(caller.language()));
    let problem = problem.and_then(|document| serde_json::from_value(document.into()).ok());
    wire::Trial { effects, problem, ended, reads, log, used, unseen }
}
