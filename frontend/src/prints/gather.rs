//! What the preview needs of a record, as its reader has it: the same that the server prints.

use std::collections::{BTreeMap, HashMap};

use engine::condition::{Condition, Operator};
use engine::field::FieldKind;
use engine::form::SYSTEM_FIELDS;
use engine::print::{Opinion, PrintRecord, is_decision};
use engine::value::{Id, Value, Values, get};
use wire::records::{Query, Record};

use crate::api::forms::{self, OpenForm};
use crate::api::{Problem, instances, records};
use crate::browser;
use crate::records::name_of;

/// Records to choose from for the preview.
const OFFERED: u32 = 30;

/// A record with how what it names is called.
#[derive(Clone, Default)]
pub struct Gathered {
    pub record: PrintRecord,
    pub names: HashMap<Id, String>,
}

/// The newest records, each with what it is called.
pub async fn offered(form: &OpenForm) -> Result<Vec<(Id, String)>, Problem> {
    let query = Query { limit: Some(OFFERED), ..Query::default() };
    let page = records::query(form.info.id, &query).await?;
    Ok(page.items.iter().map(|record| (record.id, name_of(&form.form, record))).collect())
}

/// A record for the preview. `linked` are the names in the template that lead through links.
pub async fn gather(form: &OpenForm, id: Id, linked: &[String]) -> Result<Gathered, Problem> {
    let record = records::get(form.info.id, &id.to_string()).await?;
    let names = names(form, id).await?;
    let values = records::values(form, &record);
    let system = SYSTEM_FIELDS.iter().map(|name| ((*name).to_string(), record.system_value(name)));
    let link = format!("/apps/{}/forms/{}/records/{id}", form.info.app_key, form.info.id);
    let printed = PrintRecord {
        title: name_of(&form.form, &record),
        link: format!("{}{link}", browser::origin()),
        system: system.collect(),
        linked: behind(form, &values, linked).await,
        opinions: opinions(&record).await,
        fields: record.fields,
    };
    Ok(Gathered { record: printed, names })
}

/// Only lists know titles, and not those of what is linked in rows: the record is asked for once more, with all its fields.
async fn names(form: &OpenForm, id: Id) -> Result<HashMap<Id, String>, Problem> {
    let query = Query {
        filter: Some(Condition::test("$id", Operator::Eq, id.to_string())),
        fields: Some(form.form.fields().map(|column| column.path.clone()).collect()),
        limit: Some(1),
        titles: true,
        ..Query::default()
    };
    let answer = records::query(form.info.id, &query).await?;
    let titles = answer.titles.unwrap_or_default().into_values().flatten();
    Ok(titles.filter_map(|(id, name)| Some((id.parse().ok()?, name))).collect())
}

/// What the names through links say; what can't be read says nothing.
async fn behind(form: &OpenForm, values: &Values, paths: &[String]) -> BTreeMap<String, (FieldKind, Value)> {
    let mut found = BTreeMap::new();
    for path in paths {
        let Some((link, field)) = path.split_once('.') else { continue };
        let target = form.form.column(link).and_then(|column| column.target);
        let (Some(target), Some(id)) = (target, get(values, link).as_ref_id()) else { continue };
        let Ok(there) = forms::open(&target.to_string()).await else { continue };
        let Ok(record) = records::get(target, &id.to_string()).await else { continue };
        let Some(column) = there.form.column(field) else { continue };
        let value = get(&records::values(&there, &record), field).clone();
        found.insert(path.clone(), (column.read_kind.clone(), value));
    }
    found
}

/// What was decided about the record, as far as its newest lines say.
async fn opinions(record: &Record) -> Vec<Opinion> {
    let Some(instance) = record.system.flow.as_ref().map(|flow| flow.instance.to_string()) else {
        return Vec::new();
    };
    let Ok(instance) = instances::get(&instance).await else { return Vec::new() };
    let name = |id: &Option<String>| id.as_deref().map(|id| instance.member_name(id));
    let decided = instance.log.iter().filter(|line| is_decision(&line.action));
    let opinion = |line: &instances::LogLine| Opinion {
        step: line.step.as_deref().map(|step| instance.step_name(step)).unwrap_or_default(),
        who: name(&line.who).unwrap_or_default(),
        on_behalf_of: name(&line.on_behalf_of),
        action: line.action.clone(),
        opinion: line.opinion.clone().unwrap_or_default(),
        signature: line.signature,
        at: line.at,
    };
    decided.map(opinion).collect()
}
