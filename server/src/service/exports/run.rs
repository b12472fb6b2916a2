//! The export as a job. Records are read page by page, and no page is read before there is room for it: an export of any
//! length takes the memory of a short one.

use engine::access::{Access, Operation};
use engine::condition::Checked;
use engine::text::Language;
use engine::value::{Id, format_date};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::Reader;
use store::job::Job;
use store::query;
use store::query::{Count, Cursor, From, Query, Shelf, Sort};
use store::record::Record;
use tokio::sync::{Mutex, mpsc};
use wire::{ExportFormat, ExportInput, Exported};

use super::alike::Alike;
use super::columns::{Column, Place, columns};
use super::values::{Names, SharedNames, is_inner, object, refers, rows};
use super::write::{Portion, write};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::files::{self, Part};
use crate::service::jobs::{self, Going};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::{Order, Search};
use crate::service::{Cause, Installation, Refusal, views};

/// The kind of the job.
pub const EXPORT: &str = "export";

/// Exports that one member may have under way.
const AT_ONCE: i64 = 2;
static STARTING: Mutex<()> = Mutex::const_new(());
/// When it is worth trying again where there are more, in seconds.
const TRY_AGAIN: u32 = 30;
/// Records of a page, and of one whose records have many rows.
const PAGE: u32 = 250;
const PAGE_WITH_ROWS: u32 = 20;
/// Pages that may wait to be written.
const WAITING: usize = 2;

/// What the job's row keeps.
#[derive(Clone, Serialize, Deserialize)]
struct Asked {
    form: Id,
    input: ExportInput,
    /// The paths of its columns.
    #[serde(default)]
    columns: Vec<String>,
}

/// Begins an export.
///
/// # Errors
/// Not found; forbidden for who may not export; faults of filter, sort and fields; `too_many_exports`.
pub async fn start(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: &str,
    input: ExportInput,
) -> Result<Answer, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    let order = order.by_group(input.permission_group.as_deref())?;
    let input = views::of_export(&order, input).await?;
    let columns = Plan::new(&order, &input)?.paths();
    exporting(&order).check_search(&Search::new(input.q.as_ref(), input.q_fields.as_ref()))?;
    let (workspace, member) = (caller.workspace_id(), caller.id());
    let asked = Asked { form: order.form, input, columns };
    let asked = serde_json::to_value(asked).map_err(Refusal::internal)?;
    // One after the other, so that each sees those before it.
    let _turn = STARTING.lock().await;
    jobs::start_kept(installation, caller, key, EXPORT, asked, move |tx, _| {
        Box::pin(async move {
            // This one is among them.
            if Job::open_of_member(tx, workspace, member, EXPORT).await? > AT_ONCE {
                let refusal = Refusal { code: "too_many_exports", ..Refusal::too_many(TRY_AGAIN) };
                return Err(refusal);
            }
            Ok(())
        })
    })
    .await
}

/// Does the work of an export; one that was broken off begins anew: nobody has seen anything of it.
pub fn go_on(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let (asked, caller): (Asked, Caller) = (going.input()?, going.caller().await?);
        let (order, mut plan) = planned(&going.installation, &caller, &asked).await?;
        let (order, input) = (exporting(&order), asked.input);
        let search = Search::new(input.q.as_ref(), input.q_fields.as_ref());
        let found = order.searched(&mut order.reader().await?, Shelf::Live, &search).await?;
        plan.filter = plan.filter.and(found);
        let exported = through(&going, &order, plan, &input).await?;
        serde_json::to_value(exported).map_err(Refusal::internal)
    })
}

/// What is asked for as the caller may ask it now.
async fn planned(
    installation: &Installation,
    caller: &Caller,
    asked: &Asked,
) -> Result<(Order, Plan), Refusal> {
    let order = Order::to_read(installation, caller, &asked.form.to_string()).await?;
    let order = order.by_group(asked.input.permission_group.as_deref())?;
    let plan = Plan::new(&order, &asked.input)?;
    Ok((order, plan))
}

/// Whether who made an export may still have it: as long as they could begin it now, and every column of it is open to them.
///
/// # Errors
/// When the database can't be read.
pub async fn may_still_have(installation: &Installation, caller: &Caller, file: Id) -> Result<bool, Refusal> {
    let mut db = installation.store.read().await?;
    let job = Job::that_made(&mut db, caller.workspace_id(), caller.id(), file).await?;
    drop(db);
    let Some(job) = job else { return Ok(false) };
    if job.kind == audit::EXPORT {
        return Ok(caller.is_administrator());
    }
    let asked: Asked = jobs::work_of(&job)?;
    match planned(installation, caller, &asked).await {
        Ok((_, plan)) => {
            let open = plan.paths();
            Ok(asked.columns.iter().all(|path| open.contains(path)))
        }
        Err(refusal) if matches!(refusal.cause, Cause::Missing | Cause::Forbidden | Cause::Invalid) => {
            Ok(false)
        }
        Err(refusal) => Err(refusal),
    }
}

/// What is to be exported.
struct Plan {
    columns: Vec<Column>,
    filter: Checked,
    sort: Vec<Sort>,
    /// Which records may be: those that a group shows which lets them be exported.
    access: Access,
    /// The fields that are read of each record, sub-forms by their names.
    fields: Vec<String>,
    has_rows: bool,
}

/// The order by which an export asks and shows: who may export a record views it there, and of it what is open on that record.
fn exporting(order: &Order) -> Order {
    Order { access: order.access.viewing(Operation::Export), ..order.clone() }
}

impl Plan {
    /// Whether the file says what people, records and files are called.
    fn needs_names(&self, input: &ExportInput) -> bool {
        let refers_to_any = self.columns.iter().any(|column| refers(&column.kind));
        input.labels && input.format != ExportFormat::Json && refers_to_any
    }

    fn paths(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.place.path()).collect()
    }

    fn new(order: &Order, input: &ExportInput) -> Result<Plan, Refusal> {
        if !order.access.may(Operation::Export) {
            return Err(Refusal::forbidden("forbidden"));
        }
        let order = &exporting(order);
        let columns = columns(order, input)?;
        let mut fields: Vec<String> = Vec::new();
        for column in &columns {
            let field = match &column.place {
                Place::Own(path) => path,
                Place::Inner { subform, .. } => subform,
                Place::System(_) => continue,
            };
            if !fields.contains(field) {
                fields.push(field.clone());
            }
        }
        Ok(Plan {
            has_rows: columns.iter().any(is_inner),
            columns,
            filter: order.filter(input.filter.as_ref(), "filter")?,
            sort: order.sort(&input.sort)?,
            access: order.access.showing(Operation::Export),
            fields,
        })
    }
}

/// What is to be known of names that several have.
struct Called {
    shared: SharedNames,
    alike: Alike,
}

impl Called {
    async fn of(order: &Order, plan: &Plan) -> Result<Called, Refusal> {
        let shared = SharedNames::of(&order.caller.people);
        Ok(Called { shared, alike: Alike::of(order, &plan.columns).await? })
    }
}

async fn through(going: &Going, order: &Order, plan: Plan, input: &ExportInput) -> Result<Exported, Refusal> {
    let part = Part::new(&going.installation);
    let (sender, portions) = mpsc::channel(WAITING);
    let (place, format, language) = (part.path().to_path_buf(), input.format, order.caller.language());
    let headers: Vec<String> = plan.columns.iter().map(|column| column.header.clone()).collect();
    let title = title(order, language);
    let sheet = title.clone();
    let writing =
        tokio::task::spawn_blocking(move || write(&place, format, (&sheet, &headers, language), portions));
    let read = read(going, order, &plan, input, &sender).await;
    drop(sender);
    let written = writing.await.map_err(Refusal::internal)?;
    // Why writing stopped says more than that nobody took what was read.
    let cut = written?;
    let records = read?;
    let day = format_date(order.now().to_zoned_datetime(order.context.zone.clone()).date());
    let name = format!("{title} {day}.{}", input.format.ending());
    let place = Some(files::EXPORTED);
    let file = files::adopt(&going.installation, &order.caller, &name, place, part.path()).await?;
    note(going, order, &plan, input, (file, records)).await?;
    Ok(Exported { file, name, records, cut })
}

fn title(order: &Order, language: Language) -> String {
    order.compiled.form.sketch.document.label.get(language).to_string()
}

/// Reads the records and hands them over; gives how many there were.
async fn read(
    going: &Going,
    order: &Order,
    plan: &Plan,
    input: &ExportInput,
    to: &mpsc::Sender<Portion>,
) -> Result<u64, Refusal> {
    let mut db = order.reader().await?;
    let context = &order.context;
    let count = query::count(
        &mut db,
        &plan.access,
        order.table(),
        Shelf::Live,
        &plan.filter,
        Count::Estimate,
        context,
    );
    let total = usize::try_from(count.await?.value).unwrap_or(usize::MAX);
    drop(db);
    going.handle.begin(total);
    let mut called = match plan.needs_names(input) {
        true => Some(Called::of(order, plan).await?),
        false => None,
    };
    let (mut after, mut records) = (None, 0);
    loop {
        let mut db = order.reader().await?;
        let (page, next) = page(&mut db, order, plan, after.take()).await?;
        let count = page.len();
        records += count as u64;
        let portion = portion(&mut db, order, plan, input, &page, called.as_mut()).await?;
        // Nobody reads while the disk is waited for.
        drop(db);
        if to.send(portion).await.is_err() {
            return Ok(records);
        }
        going.handle.advance(count)?;
        match next {
            Some(next) => after = Some(next),
            None => {
                going.handle.settle();
                return Ok(records);
            }
        }
    }
}

/// The next records, whole where rows of them are wanted.
async fn page(
    db: &mut Reader,
    order: &Order,
    plan: &Plan,
    after: Option<Cursor>,
) -> Result<(Vec<Record>, Option<Cursor>), Refusal> {
    let fields = if plan.has_rows { Vec::new() } else { order.with_reads(&plan.fields) };
    let asked = Query {
        shelf: Shelf::Live,
        filter: plan.filter.clone(),
        sort: plan.sort.clone(),
        limit: if plan.has_rows { PAGE_WITH_ROWS } else { PAGE },
        from: after.map_or(From::Start, From::After),
        fields: Some(fields),
    };
    let page = query::page(db, &plan.access, order.table(), &asked, &order.context).await?;
    if !plan.has_rows {
        return Ok((page.records, page.next));
    }
    let ids: Vec<Id> = page.records.iter().map(|record| record.id).collect();
    let mut whole = store::record::get_many(db, &plan.access, order.table(), &ids, &order.context).await?;
    Ok((ids.iter().filter_map(|id| whole.remove(id)).collect(), page.next))
}

async fn portion(
    db: &mut Reader,
    order: &Order,
    plan: &Plan,
    input: &ExportInput,
    page: &[Record],
    called: Option<&mut Called>,
) -> Result<Portion, Refusal> {
    let held = (!plan.has_rows).then(|| order.with_reads(&plan.fields));
    let views = order.view_all(db, page, Some(&plan.fields), held.as_deref()).await?;
    if input.format == ExportFormat::Json {
        return Ok(Portion::Records(views.iter().map(|record| object(&plan.columns, record)).collect()));
    }
    let names = match called {
        Some(called) => {
            let mut titles = order.titles(db, page, &plan.fields).await?;
            order.file_names(db, &views, &mut titles).await?;
            called.alike.mark(db, &mut titles).await?;
            Names::new(titles, &order.caller.people, &called.shared)
        }
        None => Names::default(),
    };
    let rows = views.iter().flat_map(|record| rows(order, &plan.columns, record, &names, input.labels));
    Ok(Portion::Rows(rows.collect()))
}

async fn note(
    going: &Going,
    order: &Order,
    plan: &Plan,
    input: &ExportInput,
    (file, records): (Id, u64),
) -> Result<(), Refusal> {
    let fields: Vec<&str> = plan.columns.iter().map(|column| column.header.as_str()).collect();
    let changes = serde_json::json!({
        "file": file, "format": input.format, "fields": fields, "filter": input.filter, "records": records,
    });
    let (caller, form, key) = (order.caller.clone(), order.form, order.design()?.row.key.clone());
    let noted = going.installation.write(move |tx| {
        Box::pin(async move {
            let (object, label) = (Some(form), Some(key.as_str()));
            audit::note(tx, &caller, Note { action: "form.export", object, label, changes: Some(changes) })
                .await
        })
    });
    noted.await
}
