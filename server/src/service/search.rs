//! Finding things by what they are called, as far as the caller may see them.

use std::time::{Duration, Instant};

use engine::access::{FieldRight, Operation};
use engine::condition::Checked;
use engine::value::{fold, sound, typed_sound};

use super::designs::{Designs, FormDesign};
use super::people::Caller;
use super::records::options::{best, matching, title_fields};
use super::records::{Order, Path, serial_fields};
use super::reports::{Viewer, is_offered};
use super::{Installation, Refusal};

/// Letters of a question at most.
const LONGEST: usize = 100;
/// Things of each kind.
const MOST_NAMED: usize = 8;
/// Records of one form, and of all together.
const MOST_OF_FORM: usize = 3;
const MOST_RECORDS: usize = 20;
/// Records of further forms are not looked for after this.
const PATIENCE: Duration = Duration::from_millis(800);

/// # Errors
/// A question that is too long.
pub async fn search(
    installation: &Installation,
    caller: &Caller,
    question: &str,
) -> Result<Vec<wire::SearchHit>, Refusal> {
    let question = question.trim();
    if question.chars().count() > LONGEST {
        let fault = engine::text::Fault::new("q", "too_long").arg("max", LONGEST);
        return Err(Refusal::invalid(vec![fault]));
    }
    if question.is_empty() {
        return Ok(Vec::new());
    }
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let viewer = Viewer { installation, caller, designs: designs.clone() };
    let names = Names {
        designs: &designs,
        caller,
        viewer: &viewer,
        wanted: fold(question),
        typed: typed_sound(question),
    };
    let mut hits = names.apps();
    hits.extend(names.forms());
    hits.extend(names.dashboards());
    hits.extend(names.reports());
    let started = Instant::now();
    let mut records = 0;
    for design in designs.forms.values().filter(|design| design.sketch.is_some()) {
        if records >= MOST_RECORDS || started.elapsed() > PATIENCE {
            break;
        }
        if designs.may_use(design, caller) {
            let of_form = records_of(installation, &names, design, question).await?;
            records += of_form.len();
            hits.extend(of_form);
        }
    }
    Ok(hits)
}

/// Designs by their names.
struct Names<'n> {
    designs: &'n Designs,
    caller: &'n Caller,
    viewer: &'n Viewer<'n>,
    wanted: String,
    /// The question as the sound of a Chinese name, where it may be one.
    typed: Option<String>,
}

impl Names<'_> {
    fn fits(&self, title: &str) -> bool {
        let sounds = |typed: &String| sound(title).is_some_and(|sound| sound.begins_with(typed));
        fold(title).contains(&self.wanted) || self.typed.as_ref().is_some_and(sounds)
    }

    fn app_label(&self, app: engine::value::Id) -> String {
        let app = self.designs.apps.get(&app);
        app.map(|app| super::apps::label(&app.label).get(self.caller.language()).to_string())
            .unwrap_or_default()
    }

    fn hit(&self, kind: &str, app: engine::value::Id, id: String, title: &str) -> wire::SearchHit {
        wire::SearchHit {
            kind: kind.to_string(),
            id,
            form: None,
            app: self.designs.app_key(app).to_string(),
            title: title.to_string(),
            snippet: self.app_label(app),
        }
    }

    fn apps(&self) -> Vec<wire::SearchHit> {
        let visible = self.designs.apps.values().filter(|app| self.designs.is_visible(app, self.caller));
        let named = visible.map(|app| (app, self.app_label(app.id)));
        let found = named.filter(|(_, label)| self.fits(label)).take(MOST_NAMED);
        found
            .map(|(app, label)| wire::SearchHit {
                snippet: String::new(),
                ..self.hit("app", app.id, app.id.to_string(), &label)
            })
            .collect()
    }

    fn forms(&self) -> Vec<wire::SearchHit> {
        let usable = self.designs.forms.values().filter(|design| self.designs.may_use(design, self.caller));
        let named = usable.filter_map(|design| {
            let label = &design.sketch.as_ref()?.document.label;
            Some((design, label.get(self.caller.language())))
        });
        let found = named.filter(|(_, label)| self.fits(label)).take(MOST_NAMED);
        found
            .map(|(design, label)| self.hit("form", design.row.app, design.row.id.to_string(), label))
            .collect()
    }

    fn dashboards(&self) -> Vec<wire::SearchHit> {
        let readable = self.designs.dashboards.values().filter(|design| {
            self.designs.may_read(design.row.app, design.document.read.as_ref(), self.caller)
        });
        let named = readable.map(|design| (design, design.document.label.get(self.caller.language())));
        let found = named.filter(|(_, label)| self.fits(label)).take(MOST_NAMED);
        found
            .map(|(design, label)| self.hit("dashboard", design.row.app, design.row.id.to_string(), label))
            .collect()
    }

    fn reports(&self) -> Vec<wire::SearchHit> {
        let all = self.designs.reports.values();
        let named = all.map(|design| (design, design.document.label.get(self.caller.language())));
        let offered = named.filter(|(design, label)| self.fits(label) && is_offered(self.viewer, design));
        offered
            .take(MOST_NAMED)
            .map(|(design, label)| self.hit("report", design.row.app, design.row.key.clone(), label))
            .collect()
    }
}

/// Records of a form that are found as a picker finds them, by their titles, by how these sound, and by serial numbers.
async fn records_of(
    installation: &Installation,
    names: &Names<'_>,
    design: &FormDesign,
    question: &str,
) -> Result<Vec<wire::SearchHit>, Refusal> {
    let (caller, form) = (names.caller, design.row.id);
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let Ok(order) = Order::known(installation, caller, designs, form, Path::of(caller)) else {
        return Ok(Vec::new());
    };
    if !order.access.may(Operation::View) {
        return Ok(Vec::new());
    }
    let numbers = serial_fields(&order.compiled.form);
    let mut looked_into = title_fields(&order.compiled.form).into_iter().chain(numbers.iter().cloned());
    if !looked_into.any(|path| order.access.right(&path) >= FieldRight::Read) {
        return Ok(Vec::new());
    }
    let mut db = order.reader().await?;
    let found = matching(&mut db, &order, Checked::always(), &numbers, question).await?;
    let mut records = best(found);
    records.truncate(MOST_OF_FORM);
    let label = order.compiled.form.sketch.document.label.get(caller.language()).to_string();
    let titles = order.seen_titles(&mut db, &records).await?;
    let hits = records.iter().zip(&titles).map(|(record, title)| wire::SearchHit {
        form: Some(form),
        snippet: label.clone(),
        ..names.hit("record", design.row.app, record.id.to_string(), title)
    });
    Ok(hits.collect())
}
