//! The inbox: its lists, how much there is in them, and deciding several tasks at once.

use std::collections::BTreeMap;

use engine::text::Fault;
use engine::value::{Id, format_timestamp};
use serde::Deserialize;
use store::Reader;
use store::instance::{
    Instance, InstanceState, StartedQuery, Task, TaskFilter, TaskKind, TaskList, TaskQuery,
};
use wire::flows::{DecideInput, FormTasks, Task as View, TaskCounts, TaskInput, Tasks};
use wire::records::Count;

use super::place::Place;
use super::tasks::{Among, act_with, order_of, tell, view};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock, flows};

/// Tasks that one request decides.
const MOST: usize = 200;

/// The lists of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskBox {
    /// What waits for the caller.
    Todo,
    /// What the caller has submitted.
    Started,
    /// What the caller has decided.
    Handled,
    /// What the caller was told of.
    Cc,
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    /// The id or key of an app. One that the workspace does not have is like one in which nothing waits: that an app is there
    /// is told to nobody by its name.
    pub app: Option<String>,
    pub form: Option<Id>,
    /// Who asked; not of what the caller asked for themselves.
    pub submitter: Option<Id>,
    /// Of what waits, only what is late.
    pub overdue: bool,
    /// Of what waits, only what came back to the caller, who asked for it.
    pub returned: bool,
    /// Of what the caller was told of, only what they have not looked at.
    pub unseen: bool,
    /// Of what the caller asked for, only what is in this state.
    pub state: Option<String>,
}

/// The part of a list that is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub of: TaskBox,
    pub before: Option<Place>,
    pub limit: Option<u32>,
    pub counted: bool,
    pub narrowed: Narrowed,
}

impl Wanted {
    fn tasks(&self, caller: &Caller, list: TaskList, app: Option<Id>) -> TaskQuery {
        let Narrowed { form, submitter, overdue, returned, unseen, .. } = self.narrowed;
        let filter = TaskFilter {
            app,
            form,
            submitter,
            due_before: overdue.then(clock::now),
            returned: returned && list == TaskList::ToDo,
            open: unseen && list == TaskList::Copies,
        };
        TaskQuery { workspace: caller.workspace_id(), member: caller.id(), list, filter }
    }

    fn started(&self, caller: &Caller, app: Option<Id>) -> Result<StartedQuery, Refusal> {
        let named =
            self.narrowed.state.as_deref().map(|state| {
                InstanceState::from_key(state).ok_or_else(|| Refusal::fault("state", "wrong_type"))
            });
        let state = named.transpose()?;
        let (workspace, member) = (caller.workspace_id(), caller.id());
        Ok(StartedQuery { workspace, member, app, form: self.narrowed.form, state })
    }
}

/// A page of a list, newest first: what was handled by the moment of its decision.
///
/// # Errors
/// A limit that is too large, a cursor of another kind of list, a state that there is not.
pub async fn list(installation: &Installation, caller: &Caller, wanted: Wanted) -> Result<Tasks, Refusal> {
    let limit = crate::service::records::query::checked_limit(wanted.limit)?;
    let (before, by_decision) = (wanted.before, wanted.of == TaskBox::Handled);
    if before.is_some_and(|place| place.handled.is_some() != by_decision) {
        return Err(Refusal::fault("cursor", "bad_cursor"));
    }
    let app = match of_app(installation, caller, wanted.narrowed.app.as_deref()).await? {
        Of::All => None,
        Of::App(app) => Some(app),
        Of::Nothing => {
            let count = wanted.counted.then_some(Count { value: 0, exact: true });
            return Ok(Tasks { items: Vec::new(), next: None, count });
        }
    };
    let from = before.map(|place| place.id);
    let most = i64::from(limit) + 1;
    let mut db = installation.store.read().await?;
    let mut items = Vec::new();
    let list = match wanted.of {
        TaskBox::Started => None,
        TaskBox::Todo => Some(TaskList::ToDo),
        TaskBox::Handled => Some(TaskList::Handled),
        TaskBox::Cc => Some(TaskList::Copies),
    };
    // Where the next page starts: a task whose form is gone is no item, but still a place in the list.
    let mut places: Vec<Place>;
    let count;
    match list {
        None => {
            let query = wanted.started(caller, app)?;
            let instances = query.page(&mut db, from, most).await?;
            places = instances.iter().map(|instance| Place { handled: None, id: instance.id }).collect();
            count = if wanted.counted { Some(query.count(&mut db).await?) } else { None };
            for instance in instances.iter().take(limit as usize) {
                items.push(started(installation, &mut db, caller, instance).await?);
            }
        }
        Some(list) => {
            let query = wanted.tasks(caller, list, app);
            let moment = before.and_then(|place| place.handled);
            let tasks = query.page(&mut db, moment, from, most).await?;
            let place = |task: &Task| Place { handled: task.decided_at.filter(|_| by_decision), id: task.id };
            places = tasks.iter().map(place).collect();
            count = if wanted.counted { Some(query.count(&mut db).await?) } else { None };
            for task in tasks.iter().take(limit as usize) {
                items.extend(view(installation, &mut db, caller, task).await?);
            }
        }
    }
    let more = places.len() > limit as usize;
    places.truncate(limit as usize);
    let next = places.last().filter(|_| more).map(Place::to_string);
    let count = count.map(|count| Count { value: number(count), exact: true });
    Ok(Tasks { items, next, count })
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// A request of the caller's own, by the id of its instance.
///
/// # Errors
/// Not found for one of somebody else's.
pub(super) async fn own(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    id: Id,
) -> Result<View, Refusal> {
    let instance = Instance::find(db, caller.workspace_id(), id).await?;
    let own = instance.filter(|instance| instance.submitter == Some(caller.id()));
    started(installation, db, caller, &own.ok_or_else(Refusal::missing)?).await
}

/// A request of the caller's own, for a list: it stands for its instance.
async fn started(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    instance: &Instance,
) -> Result<View, Refusal> {
    let open = Task::open_of_instance(db, caller.workspace_id(), instance.id).await?;
    let first = open.iter().find(|task| task.kind != TaskKind::Cc);
    let step = first.map(|task| task.step.clone()).unwrap_or_default();
    let mut item = View {
        id: instance.id,
        instance: instance.id,
        form: instance.form,
        record: instance.record,
        record_deleted: false,
        step,
        step_label: None,
        title: String::new(),
        assignee: first.and_then(|task| task.assignee),
        on_behalf_of: None,
        on_behalf_of_name: None,
        state: instance.state.key().to_string(),
        decision: None,
        arrived: format_timestamp(instance.started_at),
        due: None,
        decided: None,
        actions: Vec::new(),
        action_labels: BTreeMap::new(),
        opinion: None,
        signature: None,
        print: false,
        form_label: None,
        submitter: instance.submitter,
        submitter_name: instance.submitter.map(|id| caller.people.name(id).to_string()),
        facts: Vec::new(),
    };
    // A form that is gone leaves no more than this.
    if let Ok(order) = order_of(installation, caller, instance.form).await {
        let flow = flows::version(db, &order, instance.flow_version).await?;
        item.step_label = flow.label(&item.step).cloned();
        item.form_label = Some(order.compiled.form.sketch.document.label.clone());
        tell(db, &order, &flow, instance, &mut item).await?;
    }
    Ok(item)
}

/// Of which forms something is asked.
enum Of {
    All,
    App(Id),
    Nothing,
}

async fn of_app(installation: &Installation, caller: &Caller, name: Option<&str>) -> Result<Of, Refusal> {
    let Some(name) = name else { return Ok(Of::All) };
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    Ok(designs.app(name).map_or(Of::Nothing, |app| Of::App(app.id)))
}

/// How much there is in the caller's inbox, or of it in one app.
pub async fn counts(
    installation: &Installation,
    caller: &Caller,
    app: Option<&str>,
) -> Result<TaskCounts, Refusal> {
    let app = match of_app(installation, caller, app).await? {
        Of::All => None,
        Of::App(app) => Some(app),
        Of::Nothing => return Ok(TaskCounts::default()),
    };
    let mut db = installation.store.read().await?;
    let (workspace, member) = (caller.workspace_id(), caller.id());
    let of = |list: TaskList, filter: TaskFilter| TaskQuery { workspace, member, list, filter };
    let any = TaskFilter { app, ..TaskFilter::default() };
    let todo = of(TaskList::ToDo, any);
    let late = of(TaskList::ToDo, TaskFilter { due_before: Some(clock::now()), ..any });
    let returned = of(TaskList::ToDo, TaskFilter { returned: true, ..any });
    let unseen = of(TaskList::Copies, TaskFilter { open: true, ..any });
    let state = Some(InstanceState::Running);
    let running = StartedQuery { workspace, member, app, form: None, state };
    let (running, running_for) = running.count_with_age(&mut db, clock::now()).await?;
    let mut forms = Vec::new();
    for (form, count) in todo.count_by_form(&mut db).await? {
        // A form that is gone has no name, and no tasks that the list shows.
        if let Ok(order) = order_of(installation, caller, form).await {
            let label = order.compiled.form.sketch.document.label.clone();
            forms.push(FormTasks { form, label, todo: number(count) });
        }
    }
    forms.sort_by_key(|form| std::cmp::Reverse(form.todo));
    Ok(TaskCounts {
        todo: number(todo.count(&mut db).await?),
        overdue: number(late.count(&mut db).await?),
        returned: number(returned.count(&mut db).await?),
        running: number(running),
        running_for: running_for.map(number),
        unseen: number(unseen.count(&mut db).await?),
        forms,
    })
}

/// What became of one of several tasks: how its instance stands, or why not.
pub type Decided = (Id, Result<String, Refusal>);

/// Does the same with several tasks, one after another, each by itself; a repeated request does none twice. Tasks of people
/// who were added are not among them: whoever added them wants them to look.
///
/// # Errors
/// Faults of the request as a whole. What is wrong with a task is told with it.
pub async fn decide(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: DecideInput,
) -> Result<Vec<Decided>, Refusal> {
    if !matches!(input.action.as_str(), "approve" | "submit" | "reject" | "seen") {
        return Err(Refusal::fault("action", "wrong_type"));
    }
    match input.tasks.len() {
        0 => return Err(Refusal::fault("tasks", "required")),
        1..=MOST => {}
        _ => return Err(Refusal::invalid(vec![Fault::new("tasks", "too_many").arg("max", MOST)])),
    }
    let mut decided = Vec::with_capacity(input.tasks.len());
    for (place, task) in input.tasks.iter().enumerate() {
        let what = (*task, input.action.clone());
        let said = TaskInput { opinion: input.opinion.clone(), ..TaskInput::default() };
        let key = key.as_ref().map(|key| key.row(place));
        let answer = act_with(installation, caller, key, what, said, Among::Others).await;
        let state = answer.and_then(|answer| {
            let instance: wire::flows::Instance =
                serde_json::from_str(&answer.body).map_err(Refusal::internal)?;
            Ok(instance.state)
        });
        decided.push((*task, state));
    }
    Ok(decided)
}
