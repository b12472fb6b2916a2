//! A script that is tried out: it runs in a save of which nothing stays, and what it does is written down.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use engine::record::values_to_json;
use engine::script::{Budget, Effect, Effects, Question, Said, Script, ScriptEvent, Told, Verb};
use engine::value::{Id, get};
use serde_json::{Map, Value as Json};
use store::record::Record;
use wire::{TrialLine, TrialRead, TrialUse};

use super::Order;
use crate::service::designs::{Designs, administers};
use crate::service::people::Caller;

/// How long one trial takes at most, what it waits for others included: as long as it runs, a writer of SQLite waits.
const LONGEST: Duration = Duration::from_secs(3);
/// What is written down at most, of each kind.
const MOST_TOLD: usize = 200;
/// What stands for the record that a script is tried with, in what comes of it.
const RECORD: &str = "$record";

/// One trial of one script.
pub struct Trial {
    /// Who tries it: what is not theirs to see is not told.
    caller: Caller,
    /// The app of the script.
    pub app: Id,
    pub key: String,
    pub script: Arc<Script>,
    pub budget: Budget,
    /// The record that it is tried with.
    record: Id,
    event: ScriptEvent,
    begun: AtomicBool,
    started: Instant,
    told: Mutex<Written>,
}

/// What was written down.
#[derive(Default)]
struct Written {
    calls: u64,
    reads: Vec<TrialRead>,
    log: Vec<TrialLine>,
    /// The script that ended first, where it did not come to its end, with the place.
    ended: Option<TrialLine>,
    effects: Vec<(Option<Id>, Effect)>,
    sets: Map<String, Json>,
    /// Records of forms that whoever tries it does not administer.
    unseen: u64,
}

/// What is told of a trial.
pub struct Account {
    pub effects: Effects,
    pub reads: Vec<TrialRead>,
    pub log: Vec<TrialLine>,
    pub ended: Option<TrialLine>,
    pub used: TrialUse,
    pub unseen: u64,
}

impl Trial {
    pub fn new(
        caller: &Caller,
        app: Id,
        key: String,
        script: Arc<Script>,
        (record, event): (Id, ScriptEvent),
    ) -> Trial {
        let (budget, begun, told) = (Budget::default(), AtomicBool::new(false), Mutex::default());
        let caller = caller.clone();
        Trial { caller, app, key, script, budget, record, event, begun, started: Instant::now(), told }
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it has taken long enough.
    pub fn has_run_out(&self) -> bool {
        self.started.elapsed() > LONGEST
    }

    /// What happens to this record, if it is the one that the script is tried with: once.
    pub fn begin(&self, order: &Order, record: Id) -> Option<ScriptEvent> {
        let is_it = order.script.is_none() && record == self.record;
        (is_it && !self.begun.swap(true, Ordering::Relaxed)).then_some(self.event)
    }

    /// Whether the script that a form of `app` calls `name` is the one that is tried.
    pub fn is_meant(&self, order: &Order, app: &str, name: &str) -> bool {
        name.split_once('/').unwrap_or((app, name)) == (order.designs.app_key(self.app), self.key.as_str())
    }

    /// Writes down a line of a log, or where a script ended.
    pub fn hear(&self, script: &str, said: Said) {
        let mut written = self.written();
        match said {
            Said::Logged { line, text } if written.log.len() < MOST_TOLD => {
                written.log.push(TrialLine { script: script.to_string(), line, column: 1, text });
            }
            Said::Logged { .. } => {}
            Said::Ended { line, column } => {
                let place = TrialLine { script: script.to_string(), line, column, text: String::new() };
                written.ended.get_or_insert(place);
            }
        }
    }

    /// Writes a question down; gives its place, where the answer is told.
    pub fn ask(&self, order: &Order, app: Id, question: &Question) -> Option<usize> {
        let mut written = self.written();
        written.calls += 1;
        let (what, of) = match question {
            Question::Get { form, .. } => ("get", form),
            Question::Find { form, limit: 1, .. } => ("first", form),
            Question::Find { form, .. } => ("find", form),
            Question::Count { form, .. } => ("count", form),
            Question::Sum { form, .. } => ("sum", form),
            Question::Groups { table, .. } | Question::Behind { table, .. } => ("aggregate", table),
            // They are told as what comes of them.
            Question::Create { .. } | Question::Update { .. } | Question::Remove { .. } => return None,
        };
        let owner = order.designs.apps.get(&app);
        let is_open = owner.is_some_and(|owner| administers(&self.caller, owner));
        if !is_open || written.reads.len() >= MOST_TOLD {
            return None;
        }
        written.reads.push(TrialRead { what: what.to_string(), of: of.clone(), found: None });
        Some(written.reads.len() - 1)
    }

    /// Writes down what was answered.
    pub fn tell(&self, place: Option<usize>, told: &Told) {
        let found = match told {
            Told::Records(found) => Some(found.len().to_string()),
            Told::Number(number) => Some(number.normalize().to_string()),
            Told::Value(_) | Told::Made(_) | Told::Done => None,
        };
        let mut written = self.written();
        if let Some(read) = place.and_then(|place| written.reads.get_mut(place)) {
            read.found = found;
        }
    }

    /// Writes down what the script has set in its record.
    pub fn hear_set(&self, order: &Order, record: &Record, fields: &[String]) {
        let held = values_to_json(&order.compiled.form, &record.values, &|path| {
            fields.iter().any(|field| path.split('.').next() == Some(field.as_str()))
        });
        let mut written = self.written();
        written.sets = fields
            .iter()
            .map(|field| (field.clone(), plain(held.get(field).cloned().unwrap_or_default())))
            .collect();
    }

    /// Writes down what became of a record, if it is another than the one that the script is tried with.
    pub fn see(&self, order: &Order, old: Option<&Record>, new: &Record) {
        let verb = match old {
            None => Verb::Create,
            Some(old) if old.system.deleted_at.is_none() && new.system.deleted_at.is_some() => Verb::Remove,
            Some(old) if old.values != new.values => Verb::Update,
            Some(_) => return,
        };
        if new.id == self.record {
            return;
        }
        let mut written = self.written();
        let design = order.design().ok();
        let is_open = design.is_some_and(|design| order.designs.administers_form(design, &self.caller));
        if !is_open || written.effects.len() >= MOST_TOLD {
            written.unseen += 1;
            return;
        }
        let form = &order.compiled.form;
        let is_told = |path: &str| {
            let field = path.split('.').next().unwrap_or(path);
            match (verb, old) {
                (Verb::Create, _) | (_, None) => !get(&new.values, field).is_empty(),
                (Verb::Update, Some(old)) => get(&old.values, field) != get(&new.values, field),
                (Verb::Remove, Some(_)) => false,
            }
        };
        let mut fields = values_to_json(form, &new.values, &is_told);
        fields.retain(|_, value| verb != Verb::Create || !value.is_null());
        let fields = fields.into_iter().map(|(field, value)| (field, plain(value))).collect();
        let form = self.name_of(&order.designs, order);
        let made = (verb == Verb::Create).then_some(new.id);
        written.effects.push((made, Effect { verb, form, fields }));
    }

    /// A form as the script names it.
    fn name_of(&self, designs: &Designs, order: &Order) -> String {
        order.compiled.form.sketch.called_in(designs.app_key(self.app))
    }

    /// All that was written down. Ids of records that were not there before stand under names that are the same each time.
    pub fn account(&self, refused: Option<String>) -> Account {
        let mut written = self.written();
        let made = written.effects.iter().filter_map(|(id, _)| *id).zip(1..);
        let mut names: BTreeMap<String, String> =
            made.map(|(id, number)| (id.to_string(), format!("$created{number}"))).collect();
        names.insert(self.record.to_string(), RECORD.to_string());
        let named = |fields: Map<String, Json>| -> Map<String, Json> {
            fields.into_iter().map(|(field, value)| (field, renamed(value, &names))).collect()
        };
        let effects = std::mem::take(&mut written.effects).into_iter();
        let effects = effects.map(|(_, effect)| Effect { fields: named(effect.fields), ..effect }).collect();
        let sets = named(std::mem::take(&mut written.sets));
        let used = self.budget.used();
        let taken = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Account {
            effects: Effects { refused, sets, effects },
            reads: std::mem::take(&mut written.reads),
            log: std::mem::take(&mut written.log),
            ended: written.ended.take(),
            used: TrialUse {
                operations: used.operations,
                reads: used.reads,
                writes: used.writes,
                calls: written.calls,
                milliseconds: taken,
            },
            unseen: written.unseen,
        }
    }
}

/// Without the ids of rows, which are others each time.
fn plain(value: Json) -> Json {
    let Json::Array(items) = value else { return value };
    let row = |item: Json| match item {
        Json::Object(mut row) => {
            row.remove("id");
            Json::Object(row)
        }
        item => item,
    };
    Json::Array(items.into_iter().map(row).collect())
}

fn renamed(value: Json, names: &BTreeMap<String, String>) -> Json {
    match value {
        Json::String(text) => Json::String(names.get(&text).cloned().unwrap_or(text)),
        Json::Array(items) => Json::Array(items.into_iter().map(|item| renamed(item, names)).collect()),
        Json::Object(fields) => {
            let named = fields.into_iter().map(|(field, value)| (field, renamed(value, names)));
            Json::Object(named.collect())
        }
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_that_are_others_each_time_get_names_and_rows_lose_theirs() {
        let names = BTreeMap::from([("7".to_string(), "$record".to_string())]);
        let value = json!({"source": "7", "all": ["7", "8"], "qty": "1"});
        assert_eq!(renamed(value, &names), json!({"source": "$record", "all": ["$record", "8"], "qty": "1"}));
        assert_eq!(plain(json!([{"id": "9", "qty": "1"}, "x"])), json!([{"qty": "1"}, "x"]));
    }
}
