//! Notices as their reader sees them: with names and titles by the rights that they have now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::flow::Flow;
use engine::text::Label;
use engine::value::{Id, Values, format_timestamp};
use store::Reader;
use store::flow_message::FlowMessage;
use store::instance::{Instance, Task, TaskKind, TaskState};
use store::notice::Notice as Row;
use wire::Notice as View;

use crate::service::flows::instances::{check_visible, readable};
use crate::service::flows::messages::{self, Eyes};
use crate::service::flows::tasks::order_of;
use crate::service::flows::title::seen_title;
use crate::service::people::Caller;
use crate::service::records::{Order, read};
use crate::service::{Cause, Installation, Refusal, flows};

/// What a notice is about: a form, a record of it, and the request that runs on it, if it is about that.
type Subject = (Id, Id, Option<Id>);

fn subject(row: &Row) -> Subject {
    (row.form, row.record, row.instance)
}

/// A request, or a record, as the reader sees it.
struct Seen {
    title: String,
    form_label: Label,
    /// That of the request.
    flow: Option<Arc<Flow>>,
    link: String,
}

/// `rows` for `caller`, whose they are. What they may see no more has neither title nor link.
///
/// # Errors
/// When the database can't be read.
pub async fn shown(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    rows: &[Row],
) -> Result<Vec<View>, Refusal> {
    let mut known: BTreeMap<Subject, Option<Seen>> = BTreeMap::new();
    for about in rows.iter().map(subject).collect::<BTreeSet<Subject>>() {
        known.insert(about, look(installation, db, caller, about).await?);
    }
    let seen = |row: &Row| known.get(&subject(row)).and_then(Option::as_ref);
    let said = messages_of(installation, db, caller, rows).await?;
    let shown = rows.iter().map(|row| {
        let view = view(caller, row, seen(row));
        match row.message.and_then(|message| said.get(&message)) {
            Some((title, text)) => View {
                title: Some(title.clone()),
                text: Some(text.clone()).filter(|text| !text.is_empty()),
                ..view
            },
            None => view,
        }
    });
    Ok(shown.collect())
}

/// What the messages among `rows` say to the caller.
async fn messages_of(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    rows: &[Row],
) -> Result<BTreeMap<Id, (String, String)>, Refusal> {
    let ids: Vec<Id> = rows.iter().filter_map(|row| row.message).collect();
    let written = FlowMessage::with_ids(db, caller.workspace_id(), &ids).await?;
    let written: BTreeMap<Id, FlowMessage> = written.into_iter().map(|row| (row.id, row)).collect();
    let mut said = BTreeMap::new();
    for row in rows {
        let Some(message) = row.message.and_then(|id| written.get(&id)) else { continue };
        let about = read_about(installation, db, caller, row).await?;
        let eyes = about.as_ref().map(|(order, open, values)| Eyes { order, open, values });
        let read = messages::read(db, message, eyes.as_ref(), caller.language()).await?;
        said.insert(message.id, (read.title, read.text));
    }
    Ok(said)
}

/// Who reads of a record, what of it is open to them, and what it holds.
type About = (Order, BTreeSet<String>, Values);

/// The record of a message, and what of it the caller may read; none where they may not know of it.
async fn read_about(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    row: &Row,
) -> Result<Option<About>, Refusal> {
    let gone = |refusal: Refusal| if refusal.cause == Cause::Missing { Ok(None) } else { Err(refusal) };
    let order = match order_of(installation, caller, row.form).await {
        Ok(order) => order,
        Err(refusal) => return gone(refusal),
    };
    match read::visible_paths(db, &order, row.record).await {
        Ok((found, open)) => Ok(Some((order, open, found.values))),
        Err(refusal) => gone(refusal),
    }
}

fn view(caller: &Caller, row: &Row, seen: Option<&Seen>) -> View {
    let step = row.step.as_deref();
    View {
        id: row.id,
        kind: row.kind.clone(),
        at: format_timestamp(row.at),
        read: row.read_at.is_some(),
        who: row.who,
        who_name: row.who.map(|who| caller.people.name(who).to_string()),
        form: row.form,
        form_label: seen.map(|seen| seen.form_label.clone()),
        record: row.record,
        instance: row.instance,
        task: row.task,
        step_label: seen.and_then(|seen| seen.flow.as_ref()?.label(step?)).cloned(),
        title: seen.map(|seen| seen.title.clone()),
        text: None,
        outcome: row.outcome.clone(),
        link: seen.map(|seen| match row.task {
            Some(task) => format!("/inbox?task={task}"),
            None => seen.link.clone(),
        }),
    }
}

/// What it is about, as far as the caller may see it; `None` where they may not know of it.
async fn look(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    about: Subject,
) -> Result<Option<Seen>, Refusal> {
    match seen(installation, db, caller, about).await {
        Ok(seen) => Ok(Some(seen)),
        Err(refusal) if refusal.cause == Cause::Missing => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

async fn seen(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    (form, record, instance): Subject,
) -> Result<Seen, Refusal> {
    let order = order_of(installation, caller, form).await?;
    let form_label = order.compiled.form.sketch.document.label.clone();
    let app = order.designs.app_key(order.design()?.row.app);
    let page = format!("/apps/{app}/forms/{form}/records/{record}");
    let Some(instance) = instance else {
        let (found, open) = read::visible_paths(db, &order, record).await?;
        let name = order.title_with(&found, &open);
        let title = format!("{} {name}", form_label.get(caller.language())).trim().to_string();
        return Ok(Seen { title, form_label, flow: None, link: page });
    };
    let instance = Instance::find(db, caller.workspace_id(), instance).await?.ok_or_else(Refusal::missing)?;
    check_visible(db, &order, &instance).await?;
    let flow = flows::version(db, &order, instance.flow_version).await?;
    let open = readable(db, &order, &instance).await?;
    let title = seen_title(db, &order, &flow, &instance, &open).await?;
    let link = part_of(db, caller, &instance).await?.unwrap_or(page);
    Ok(Seen { title, form_label, flow: Some(flow), link })
}

/// The place in the inbox of the part that the caller has in a request: what waits for them, what they asked for, the copy
/// that they were sent, what they decided.
async fn part_of(db: &mut Reader, caller: &Caller, instance: &Instance) -> Result<Option<String>, Refusal> {
    let me = Some(caller.id());
    let tasks = Task::of_instance(db, caller.workspace_id(), instance.id).await?;
    let newest = |is: &dyn Fn(&Task) -> bool| {
        tasks.iter().rev().find(|task| task.assignee == me && is(task)).map(|task| task.id)
    };
    if let Some(task) = newest(&|task: &Task| task.state == TaskState::Open && task.kind != TaskKind::Cc) {
        return Ok(Some(format!("/inbox?task={task}")));
    }
    if instance.submitter == me {
        return Ok(Some(format!("/inbox?box=started&task={}", instance.id)));
    }
    if let Some(task) = newest(&|task: &Task| task.kind == TaskKind::Cc) {
        return Ok(Some(format!("/inbox?box=cc&task={task}")));
    }
    let decided = newest(&|task: &Task| task.state == TaskState::Done);
    Ok(decided.map(|task| format!("/inbox?box=handled&task={task}")))
}
