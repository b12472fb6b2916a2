//! Tasks: what waits for somebody, and what they decide.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::access::FieldRight as GroupRight;
use engine::flow::document::{Action, Demand, FieldRight, START};
use engine::flow::{
    Actor, AddMode, Command, Flow, Note, RefusalCode, Resume, State, actions, check_take_back, is_added,
    return_targets,
};
use engine::record::{ReadPolicy, read_fields};
use engine::text::{Fault, Faults, Label};
use engine::value::{Id, format_timestamp};
use serde::{Deserialize, Serialize};
use store::instance::{Instance, Task, TaskKind, TaskState};
use store::record::Record;
use store::{Reader, Tx};
use wire::flows::{OpenTask, StepToChoose, Task as View, TaskFact, TaskInput};
use wire::records::Fields;

use super::attached::Attached;
use super::title::seen_title;
use super::words::{check_mentions, check_said};
use crate::service::answer::Answer;
use crate::service::clock;
use crate::service::designs::stored;
use crate::service::faults::labelled;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::save::{Act, Change, save};
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal, flows};

/// Members that are let know of a request at once.
const MOST_INFORMED: usize = 100;

/// A task with all that it belongs to.
struct Opened {
    task: Task,
    instance: Instance,
    state: State,
    flow: Arc<Flow>,
    order: Order,
}

async fn open(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    task: Task,
) -> Result<Opened, Refusal> {
    let instance = Instance::find(db, caller.workspace_id(), task.instance).await?;
    let instance = instance.ok_or_else(Refusal::missing)?;
    let order = order_of(installation, caller, instance.form).await?;
    let state: State = stored("instance", &instance.marking)?;
    let flow = flows::version(db, &order, instance.flow_version).await?;
    Ok(Opened { task, instance, state, flow, order })
}

/// An order for the form of an instance, whatever groups say of the form.
pub async fn order_of(installation: &Installation, caller: &Caller, form: Id) -> Result<Order, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    Order::known(installation, caller, designs, form, Path::Task)
}

/// A task for a list; none where its form is gone.
pub(super) async fn view(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    task: &Task,
) -> Result<Option<View>, Refusal> {
    match open(installation, db, caller, task.clone()).await {
        Ok(opened) => {
            let mut item = opened.view();
            tell(db, &opened.order, &opened.flow, &opened.instance, &mut item).await?;
            Ok(Some(item))
        }
        Err(refusal) if refusal.cause == crate::service::Cause::Missing => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

impl Opened {
    /// Without what is to be known of its record.
    fn view(&self) -> View {
        let Opened { task, instance, state, flow, order } = self;
        let actions = offered(flow, state, task.id, order.caller.id());
        View {
            id: task.id,
            instance: instance.id,
            form: instance.form,
            record: instance.record,
            record_deleted: false,
            step: task.step.clone(),
            step_label: flow.label(&task.step).cloned(),
            title: String::new(),
            assignee: task.assignee,
            on_behalf_of: task.on_behalf_of,
            on_behalf_of_name: task.on_behalf_of.map(|id| order.caller.people.name(id).to_string()),
            state: task.state.key().to_string(),
            decision: task.decision.clone(),
            arrived: format_timestamp(task.arrived_at),
            due: task.due_at.map(format_timestamp),
            decided: task.decided_at.map(format_timestamp),
            action_labels: named_actions(flow, &task.step, &actions),
            actions,
            opinion: Some(opinion_at(flow, &task.step).to_string()),
            signature: Some(demand_name(flow.demands(&task.step).1).to_string()),
            print: flow.prints(&task.step),
            form_label: Some(order.compiled.form.sketch.document.label.clone()),
            submitter: instance.submitter,
            submitter_name: instance.submitter.map(|id| order.caller.people.name(id).to_string()),
            facts: Vec::new(),
        }
    }
}

/// What a member can do with a task now: decide it, or take back what they decided. Nothing with somebody else's.
pub fn offered(flow: &Flow, state: &State, task: Id, member: Id) -> Vec<String> {
    let Some(known) = state.task(task).filter(|known| known.assignee == Some(member)) else {
        return Vec::new();
    };
    let back = check_take_back(flow, state, member, task).is_ok().then_some(Action::Withdraw);
    let possible = actions(flow, state, known);
    // Whoever decides may let others know of it.
    let informs =
        (known.state == engine::flow::TaskState::Open && known.step != START).then(|| "cc".to_string());
    possible.into_iter().chain(back).map(action_name).chain(informs).collect()
}

/// What a step calls the actions that it has names of its own for.
pub(super) fn named_actions(flow: &Flow, step: &str, actions: &[String]) -> BTreeMap<String, Label> {
    let named = |name: &String| {
        let action: Action = serde_json::from_value(name.replace('-', "_").into()).ok()?;
        let label = flow.action_label(step, action).filter(|label| !label.is_blank())?;
        Some((name.clone(), label.clone()))
    };
    actions.iter().filter_map(named).collect()
}

/// Adds what its record is called, and what of it is worth knowing before one opens it, as far as the caller may see it.
pub(super) async fn tell(
    db: &mut Reader,
    order: &Order,
    flow: &Flow,
    instance: &Instance,
    item: &mut View,
) -> Result<(), Refusal> {
    let seen = match crate::service::records::read::with(db, order, item.record).await {
        Ok(record) => record.fields,
        Err(refusal) if refusal.cause == crate::service::Cause::Missing => {
            item.record_deleted = is_deleted(db, order, item.record).await?;
            Fields::new()
        }
        Err(refusal) => return Err(refusal),
    };
    let open = seen.keys().cloned().collect();
    item.title = seen_title(db, order, flow, instance, &open).await?;
    let caller = &order.caller;
    let language = caller.language();
    let fact = |column: &engine::form::Column| {
        let value = column.read_kind.read(seen.get(&column.path)?);
        let text = match &value {
            engine::value::Value::Empty => return None,
            engine::value::Value::Ref(id) => caller.people.name(*id).to_string(),
            value => column.read_kind.reading(value, language),
        };
        let numeric = matches!(value, engine::value::Value::Number(_));
        (!text.is_empty()).then(|| TaskFact { label: column.field.label.clone(), text, numeric })
    };
    let facts = engine::record::key_facts_beside_approval(&order.compiled.form);
    item.facts = facts.into_iter().filter_map(fact).collect();
    Ok(())
}

/// Whether a record is in the recycle bin, or gone from there too.
async fn is_deleted(db: &mut Reader, order: &Order, record: Id) -> Result<bool, Refusal> {
    match super::instances::record_of(db, order, record).await {
        Ok(record) => Ok(record.system.deleted_at.is_some()),
        Err(refusal) if refusal.cause == crate::service::Cause::Missing => Ok(true),
        Err(refusal) => Err(refusal),
    }
}

/// Whether a step takes an opinion. Whoever submits again may always say something.
fn opinion_at(flow: &Flow, step: &str) -> &'static str {
    if step == START { "optional" } else { demand_name(flow.demands(step).0) }
}

fn demand_name(demand: Demand) -> &'static str {
    match demand {
        Demand::Off => "off",
        Demand::Optional => "optional",
        Demand::Required => "required",
    }
}

/// The name of an action in the API.
fn action_name(action: Action) -> String {
    let name = serde_json::to_value(action).ok();
    name.as_ref().and_then(|name| name.as_str()).unwrap_or_default().replace('_', "-")
}

/// One task, for those who take part in its instance; with what its assignee works with while it waits for them. A request
/// of the caller's own goes by the id of its instance.
///
/// # Errors
/// Not found for everybody else.
pub async fn read(installation: &Installation, caller: &Caller, id: Id) -> Result<OpenTask, Refusal> {
    let mut db = installation.store.read().await?;
    let Some(task) = Task::find(&mut db, caller.workspace_id(), id).await? else {
        // In the list of what somebody started, the instance stands for its task.
        let task = super::inbox::own(installation, &mut db, caller, id).await?;
        let (fields, kept, return_to) = (BTreeMap::new(), Fields::new(), Vec::new());
        return Ok(OpenTask { task, fields, kept, kept_opinion: None, return_to, choose: Vec::new() });
    };
    let opened = open(installation, &mut db, caller, task).await?;
    super::instances::check_visible(&mut db, &opened.order, &opened.instance).await?;
    let mut view = opened.view();
    view.record_deleted = is_deleted(&mut db, &opened.order, opened.instance.record).await?;
    let open = super::instances::readable(&mut db, &opened.order, &opened.instance).await?;
    view.title = seen_title(&mut db, &opened.order, &opened.flow, &opened.instance, &open).await?;
    let is_open = matches!(opened.task.state, TaskState::Open);
    if opened.task.assignee != Some(caller.id()) || !is_open {
        // What one works with is the assignee's alone: edits that were put aside are not yet anybody else's to read.
        let (fields, kept, return_to) = (BTreeMap::new(), Fields::new(), Vec::new());
        return Ok(OpenTask { task: view, fields, kept, kept_opinion: None, return_to, choose: Vec::new() });
    }
    let known = opened.state.task(id);
    let targets = known.map(|known| return_targets(&opened.flow, &opened.state, known)).unwrap_or_default();
    let aside = aside(&opened.task)?;
    Ok(OpenTask {
        task: view,
        fields: step_rights(&opened.order, &opened.flow, &opened.task.step),
        kept: aside.fields,
        kept_opinion: aside.opinion,
        return_to: targets.into_iter().map(str::to_string).collect(),
        choose: to_choose(&opened.flow, &opened.task.step),
    })
}

/// The steps whose people whoever completes a step names.
pub fn to_choose(flow: &Flow, step: &str) -> Vec<StepToChoose> {
    let steps = flow.choosable_at(step).into_iter();
    steps.map(|(step, label)| StepToChoose { step: step.to_string(), label: label.clone() }).collect()
}

/// What the assignee of a task may do with the fields of its record; hidden ones are absent. At the start, what groups
/// allow counts too.
pub fn step_rights(order: &Order, flow: &Flow, step: &str) -> BTreeMap<String, String> {
    let Some(fields) = flow.fields(step) else { return BTreeMap::new() };
    let columns = order.compiled.form.all_columns();
    columns
        .filter_map(|column| {
            let by_group = group_right(order, step, &column.path);
            let right = match fields.right(&column.path) {
                FieldRight::Hidden => return None,
                _ if by_group == GroupRight::None => return None,
                FieldRight::Read => "read",
                _ if !column.field.is_input() || by_group == GroupRight::Read => "read",
                FieldRight::Edit => "edit",
                FieldRight::Required => "required",
            };
            Some((column.path.clone(), right.to_string()))
        })
        .collect()
}

/// What groups leave of a field at a step: all of it, but at the start.
fn group_right(order: &Order, step: &str, path: &str) -> GroupRight {
    if step == START { order.right_at_start(path) } else { GroupRight::Edit }
}

/// The rights on fields at the step of a task that the caller has or had; for the form's definition.
///
/// # Errors
/// Not found where the task is not theirs, or of another form.
pub async fn rights_at(
    installation: &Installation,
    caller: &Caller,
    form: Id,
    task: Id,
) -> Result<BTreeMap<String, String>, Refusal> {
    let mut db = installation.store.read().await?;
    let workspace = caller.workspace_id();
    let (instance, step) = match Task::find(&mut db, workspace, task).await? {
        Some(task) if task.assignee == Some(caller.id()) => (task.instance, task.step),
        Some(_) => return Err(Refusal::missing()),
        // In the list of what somebody started, the instance stands for its task.
        None => (task, START.to_string()),
    };
    let instance = Instance::find(&mut db, workspace, instance).await?.ok_or_else(Refusal::missing)?;
    let is_start = step == START;
    if instance.form != form || (is_start && instance.submitter != Some(caller.id())) {
        return Err(Refusal::missing());
    }
    let order = order_of(installation, caller, form).await?;
    let flow = flows::version(&mut db, &order, instance.flow_version).await?;
    Ok(step_rights(&order, &flow, &step))
}

/// What an assignee put aside with a task, without deciding it.
#[derive(Default, Serialize, Deserialize)]
struct Aside {
    fields: Fields,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opinion: Option<String>,
}

fn aside(task: &Task) -> Result<Aside, Refusal> {
    match &task.kept {
        Some(text) => stored("task", text),
        None => Ok(Aside::default()),
    }
}

/// Carries out an action on a task.
///
/// # Errors
/// Not found for a task of an instance that the caller can't see; the flow's refusals; faults of the fields.
pub async fn act(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    what: (Id, String),
    input: TaskInput,
) -> Result<Answer, Refusal> {
    act_with(installation, caller, key, what, input, Among::Alone).await
}

/// Whether a task is decided by itself, or together with others that nobody has opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Among {
    Alone,
    Others,
}

pub(super) async fn act_with(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    (task, action): (Id, String),
    input: TaskInput,
    among: Among,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    let (there, asking) = (installation.clone(), caller.clone());
    installation
        .act_or_tell(
            caller,
            key,
            move |tx| {
                Box::pin(async move {
                    let instance = carry_out(&parts, tx, &actor, (task, &action), input, among).await?;
                    let order = order_of(&parts, &actor, instance.form).await?;
                    let view = super::instances::view(tx, &order, &instance).await?;
                    Ok(Answer::done(&view)?.version(instance.version))
                })
            },
            move |tx, first| {
                Box::pin(async move { super::instances::told_again(&there, tx, &asking, first).await })
            },
        )
        .await
}

async fn carry_out(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    (id, action): (Id, &str),
    input: TaskInput,
    among: Among,
) -> Result<Instance, Refusal> {
    check_said(input.opinion.as_deref(), "opinion")?;
    let caller = &caller.informed(installation, tx).await?;
    let workspace = caller.workspace_id();
    let task = Task::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    let order = order_of(installation, caller, task.form).await?.newest(tx).await?;
    // Records are locked before instances, as every save does.
    store::record::lock(tx, &order.access, order.table(), &[task.record]).await?;
    let instance = Instance::lock(tx, workspace, task.instance).await?.ok_or_else(Refusal::missing)?;
    // Where others write too, what was put aside with it and where it stands may have become another until it was locked.
    let task = match installation.store.is_shared() {
        true => Task::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?,
        false => task,
    };
    super::instances::check_visible(tx, &order, &instance).await?;
    let state: State = stored("instance", &instance.marking)?;
    let flow = flows::version(tx, &order, instance.flow_version).await?;
    let note = Note { opinion: input.opinion.clone(), signature: input.signature };
    let chosen = input.chosen.clone();
    let attached =
        Attached { files: input.files.clone(), mentions: input.mentions.clone(), marks: input.marks.clone() };
    if action == "seen" {
        attached.refuse()?;
        return seen(tx, caller, task, instance).await;
    }
    // Who was added was asked to look at this one.
    let is_theirs = task.assignee == Some(caller.id()) && task.state == TaskState::Open;
    if among == Among::Others && is_theirs && state.task(id).is_some_and(|known| is_added(&state, known)) {
        return Err(flows::refused(RefusalCode::AddedTask.into()));
    }
    let (command, edits) = match action {
        "save" => (Command::Save { task: id }, true),
        "approve" => (Command::Approve { task: id, note, chosen }, true),
        "submit" => (Command::Submit { task: id, note, chosen }, true),
        "reject" => (Command::Reject { task: id, note }, false),
        "return" => {
            let resume = match input.resume.as_deref() {
                None | Some("rerun") => Resume::Rerun,
                Some("direct") => Resume::Direct,
                Some(_) => return Err(Refusal::fault("resume", "wrong_type")),
            };
            (Command::Return { task: id, to: named(&input, "to")?, resume, note }, true)
        }
        "transfer" => {
            let to = named(&input, "to")?.parse().map_err(|_| Refusal::fault("to", "not_an_id"))?;
            (Command::Transfer { task: id, to, note }, false)
        }
        "cc" => (Command::Inform { task: id, members: named_members(&input, "to")? }, false),
        "withdraw" if task.step == START => (Command::Withdraw, false),
        "withdraw" => (Command::TakeBack { task: id }, false),
        "add-sign" => {
            let to = input.to.clone().ok_or_else(|| Refusal::fault("to", "required"))?;
            let to: Vec<Id> = serde_json::from_value(to).map_err(|_| Refusal::fault("to", "not_an_id"))?;
            let mode = match input.mode.as_deref() {
                Some("before") => AddMode::Before,
                Some("after") => AddMode::After,
                Some("parallel") => AddMode::Parallel,
                None => return Err(Refusal::fault("mode", "required")),
                Some(_) => return Err(Refusal::fault("mode", "wrong_type")),
            };
            (Command::AddSign { task: id, to, mode, note }, false)
        }
        _ => return Err(Refusal::missing()),
    };
    if let Some(signature) = input.signature.filter(|_| !matches!(action, "save" | "withdraw" | "cc")) {
        super::words::hold_signature(tx, caller, &task, signature).await?;
    }
    match action {
        "save" | "withdraw" | "cc" => attached.refuse()?,
        "return" | "reject" => attached.check_marks(&step_rights(&order, &flow, &task.step))?,
        _ => Attached { marks: attached.marks.clone(), ..Attached::default() }.refuse()?,
    }
    check_mentions(caller, &attached.mentions)?;
    attached.hold(tx, caller, task.form, task.record).await?;
    let mut aside = aside(&task)?;
    aside.fields.extend(input.fields);
    if action == "save" {
        // Blanks take back what was put aside before.
        if let Some(opinion) = input.opinion {
            aside.opinion = Some(opinion).filter(|opinion| !opinion.trim().is_empty());
        }
        return keep(tx, &order, Kept { task, instance, state, flow, aside }).await;
    }
    let act = Act {
        record: task.record,
        step: edits.then(|| task.step.clone()),
        fields: if edits { aside.fields } else { Fields::new() },
        maps: false,
        instance,
        state,
        flow,
        command,
        actor: Actor::Member(caller.id()),
    };
    super::instances::dry_run(tx, &order, &act).await?;
    let saved = save(tx, &order, vec![Change::Act(Box::new(act))]).await?;
    let instance = super::instances::reread(tx, caller, saved).await?;
    attached.lay(tx, caller, &instance).await?;
    Ok(instance)
}

/// What the caller was told of, they have looked at.
async fn seen(tx: &mut Tx, caller: &Caller, mut task: Task, instance: Instance) -> Result<Instance, Refusal> {
    if task.assignee != Some(caller.id()) {
        return Err(flows::refused(RefusalCode::NotYours.into()));
    }
    if task.kind != TaskKind::Cc {
        return Err(flows::refused(RefusalCode::WrongAction.into()));
    }
    if task.state == TaskState::Open {
        task.state = TaskState::Done;
        task.decided_at = Some(clock::now());
        task.update(tx).await?;
    }
    Ok(instance)
}

/// The members that a request names, at least one.
fn named_members(input: &TaskInput, member: &'static str) -> Result<Vec<Id>, Refusal> {
    let named = input.to.clone().ok_or_else(|| Refusal::fault(member, "required"))?;
    let members: Vec<Id> = serde_json::from_value(named).map_err(|_| Refusal::fault(member, "not_an_id"))?;
    match members.len() {
        0 => Err(Refusal::fault(member, "required")),
        1..=MOST_INFORMED => Ok(members),
        _ => Err(Refusal::invalid(vec![Fault::new(member, "too_many").arg("max", MOST_INFORMED)])),
    }
}

fn named(input: &TaskInput, member: &'static str) -> Result<String, Refusal> {
    let text = input.to.as_ref().and_then(|to| to.as_str()).filter(|text| !text.is_empty());
    text.map(str::to_string).ok_or_else(|| Refusal::fault(member, "required"))
}

/// What is put aside with a task, and the instance that it belongs to.
struct Kept {
    task: Task,
    instance: Instance,
    state: State,
    flow: Arc<Flow>,
    aside: Aside,
}

/// Puts edits and an opinion aside: checked for type and for the step's rights, nothing else.
async fn keep(tx: &mut Tx, order: &Order, kept: Kept) -> Result<Instance, Refusal> {
    let Kept { mut task, instance, state, flow, aside } = kept;
    let act = Act {
        record: task.record,
        step: None,
        fields: Fields::new(),
        maps: false,
        instance: instance.clone(),
        state,
        flow: flow.clone(),
        command: Command::Save { task: task.id },
        actor: Actor::Member(order.caller.id()),
    };
    super::instances::dry_run(tx, order, &act).await?;
    let record = super::instances::record_of(tx, order, task.record).await?;
    check_kept(order, &flow, &task.step, &record, &aside.fields)?;
    task.kept = Some(crate::service::apps::to_json(&aside)?);
    task.update(tx).await?;
    Ok(instance)
}

fn check_kept(
    order: &Order,
    flow: &Flow,
    step: &str,
    record: &Record,
    fields: &Fields,
) -> Result<(), Refusal> {
    let rights = flow.fields(step).ok_or_else(Refusal::missing)?;
    let by_group = |path: &str| group_right(order, step, path);
    let readable = |path: &str| by_group(path) >= GroupRight::Read && rights.is_visible(path);
    let writable = |path: &str| by_group(path) >= GroupRight::Edit && rights.is_editable(path);
    let policy = ReadPolicy { readable: &readable, writable: &writable, serials: false, scripts: false };
    let read = read_fields(&order.compiled.form, fields, &record.values, &policy);
    let under = |faults: Faults| faults.into_iter().map(|fault| fault.under("fields")).collect();
    let form = &order.compiled.form;
    read.map(drop).map_err(|faults| Refusal::invalid(labelled(form, under(faults), &readable)))
}
