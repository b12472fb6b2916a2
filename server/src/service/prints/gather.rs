//! What a print-out needs besides the records: how what they name is called, what is behind their links, what was decided, and
//! pictures with their bytes. All of it as the reader may have it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use data_encoding::BASE64;
use engine::form::SYSTEM_FIELDS;
use engine::print::{Opinion, PrintRecord, PrintTemplate as Document};
use engine::record::read_values;
use engine::value::{Id, parse_timestamp};
use store::Reader;
use store::file::File;
use store::record::Record;
use wire::records::Record as Seen;

use crate::service::flows::instances;
use crate::service::records::{Eyes, Order};
use crate::service::{Cause, Refusal, files};

/// Bytes of a picture, and of all pictures of a print-out, at most: of one more than that, the name is printed.
const LARGEST_PICTURE: i64 = 4 << 20;
const MOST_BYTES: i64 = 32 << 20;

/// The kinds of pictures that a browser shows without running anything.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/// The records as they are printed, with what is only named in them by ids.
pub struct Gathered {
    pub records: Vec<PrintRecord>,
    pub names: HashMap<Id, String>,
    /// As addresses that hold their bytes.
    pub pictures: HashMap<Id, String>,
}

pub async fn gather(order: &Order, document: &Document, found: &[Record]) -> Result<Gathered, Refusal> {
    let mut db = order.reader().await?;
    let mut seen: Vec<Seen> = Vec::with_capacity(found.len());
    for record in found {
        seen.push(order.view(&mut db, record).await?);
    }
    let names = names(&mut db, order, found, &seen).await?;
    let titles = order.seen_titles(&mut db, found).await?;
    let mut records = Vec::with_capacity(found.len());
    for (record, title) in seen.iter().zip(titles) {
        records.push(printed(&mut db, order, document, record, title).await?);
    }
    drop(db);
    if document.shows_opinions() {
        for (into, record) in records.iter_mut().zip(&seen) {
            into.opinions = opinions(order, record).await?;
        }
    }
    let pictures = pictures(order, document, &records, found).await?;
    Ok(Gathered { records, names, pictures })
}

async fn printed(
    db: &mut Reader,
    order: &Order,
    document: &Document,
    record: &Seen,
    title: String,
) -> Result<PrintRecord, Refusal> {
    let values = read_values(&order.compiled.form, &record.fields);
    let linked = order.linked_values(db, &values, &document.linked_paths(), Eyes::Viewer).await?;
    let app = order.designs.app_key(order.design()?.row.app).to_string();
    let base = &order.installation.settings.base_url;
    let system = SYSTEM_FIELDS.iter().map(|name| ((*name).to_string(), record.system_value(name)));
    Ok(PrintRecord {
        title,
        link: format!("{base}/apps/{app}/forms/{}/records/{}", order.form, record.id),
        fields: record.fields.clone(),
        system: system.collect(),
        linked,
        opinions: Vec::new(),
    })
}

async fn names(
    db: &mut Reader,
    order: &Order,
    found: &[Record],
    seen: &[Seen],
) -> Result<HashMap<Id, String>, Refusal> {
    let fields: Vec<String> = order.compiled.form.fields().map(|column| column.path.clone()).collect();
    let mut titles = order.titles(db, found, &fields).await?;
    order.file_names(db, seen, &mut titles).await?;
    let named = titles.into_values().flatten();
    Ok(named.filter_map(|(id, name)| Some((id.parse().ok()?, name))).collect())
}

/// What was decided about a record, from the first line of its log on; nothing where the reader may not know of it.
async fn opinions(order: &Order, record: &Seen) -> Result<Vec<Opinion>, Refusal> {
    let Some(instance) = record.system.flow.as_ref().map(|flow| flow.instance) else { return Ok(Vec::new()) };
    let (mut pages, mut before) = (Vec::new(), None);
    loop {
        let page = instances::read_one(&order.installation, &order.caller, instance, before).await;
        let page = match page {
            Ok((_, page)) => page,
            Err(refusal) if refusal.cause == Cause::Missing => return Ok(Vec::new()),
            Err(refusal) => return Err(refusal),
        };
        before = page.log_earlier;
        pages.push(opinions_of(order, &page));
        if before.is_none() {
            return Ok(pages.into_iter().rev().flatten().collect());
        }
    }
}

fn opinions_of(order: &Order, instance: &wire::flows::Instance) -> Vec<Opinion> {
    let language = order.caller.language();
    let name = |id: Id| instance.names.get(&id.to_string()).cloned().unwrap_or_default();
    let decisions = instance.log.iter().filter(|line| engine::print::is_decision(&line.action));
    let opinion = |line: &wire::flows::LogLine| {
        let step = line.step.as_deref().and_then(|step| instance.labels.get(step));
        Some(Opinion {
            step: step.map(|label| label.get(language).to_string()).unwrap_or_default(),
            who: line.who.map(name).unwrap_or_default(),
            on_behalf_of: line.on_behalf_of.map(name),
            action: line.action.clone(),
            opinion: line.opinion.clone().unwrap_or_default(),
            signature: line.signature,
            at: parse_timestamp(&line.at)?,
        })
    };
    decisions.filter_map(opinion).collect()
}

/// The pictures of these records. What names a file that another record holds is not shown.
async fn pictures(
    order: &Order,
    document: &Document,
    records: &[PrintRecord],
    found: &[Record],
) -> Result<HashMap<Id, String>, Refusal> {
    let wanted = document.pictures(&order.compiled.form, records);
    let mut db = order.reader().await?;
    let rows = File::find_all(&mut db, order.caller.workspace_id(), &wanted).await?;
    drop(db);
    let theirs: BTreeSet<Id> = found.iter().map(|record| record.id).collect();
    let rows: BTreeMap<Id, File> = rows
        .into_iter()
        .filter(|file| file.form == Some(order.form) && file.record.is_some_and(|id| theirs.contains(&id)))
        .map(|file| (file.id, file))
        .collect();
    let (mut pictures, mut bytes) = (HashMap::new(), 0);
    for file in wanted.iter().filter_map(|id| rows.get(id)) {
        let fits = file.size <= LARGEST_PICTURE && bytes + file.size <= MOST_BYTES;
        if fits && PICTURES.contains(&file.media_type.as_str()) {
            bytes += file.size;
            let read = files::bytes_of(&order.installation, file).await?;
            pictures.insert(file.id, format!("data:{};base64,{}", file.media_type, BASE64.encode(&read)));
        }
    }
    Ok(pictures)
}
