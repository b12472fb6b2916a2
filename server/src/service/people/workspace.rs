//! What a workspace says for everybody in it: languages, currency, the working calendar, passwords and sessions, who makes apps, and
//! whether it is named where one signs in.

use std::collections::BTreeSet;

use engine::field::is_currency;
use engine::flow::Calendar;
use engine::text::{Fault, Faults, Language};
use engine::value::Id;
use jiff::SignedDuration;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use serde_json::json;
use store::Reader;
use store::workspace::Workspace;
use store::workspace_settings::WorkspaceSettings;

use super::Caller;
use super::change::in_one_line;
use super::password::SHORTEST;
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::{Installation, Refusal};

/// Characters of a workspace's name at most.
const LONGEST_NAME: usize = 200;
/// The longest password that may be asked for: more keeps people from choosing one.
const LONGEST_ASKED: u32 = 64;
/// Dates of a calendar at most: twenty years of holidays.
const MOST_DATES: usize = 1_000;
/// Minutes after which an idle session may end at the earliest: that it is used is noted every few minutes only.
const SHORTEST_IDLE: u32 = 15;
/// Spans of hours in a day at most.
const MOST_SPANS: usize = 6;

/// What the people of a workspace keep to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    pub languages: Vec<Language>,
    pub calendar: wire::WorkCalendar,
    pub password: wire::PasswordPolicy,
    pub session: wire::SessionPolicy,
    pub app_makers: wire::AppMakers,
    pub named_at_sign_in: bool,
    version: i64,
}

impl Default for Rules {
    fn default() -> Rules {
        let hours = |from: &str, to: &str| wire::WorkHours { from: from.into(), to: to.into() };
        Rules {
            languages: Language::ALL.to_vec(),
            calendar: wire::WorkCalendar {
                days: vec![1, 2, 3, 4, 5],
                hours: vec![hours("09:00", "12:00"), hours("13:00", "18:00")],
                holidays: Vec::new(),
                worked: Vec::new(),
            },
            password: wire::PasswordPolicy { min_length: shortest() },
            session: wire::SessionPolicy { idle_minutes: 12 * 60, longest_days: 7, at_once: 20 },
            app_makers: wire::AppMakers::Everybody,
            named_at_sign_in: false,
            version: 0,
        }
    }
}

fn shortest() -> u32 {
    u32::try_from(SHORTEST).unwrap_or(u32::MAX)
}

fn key_of(makers: wire::AppMakers) -> &'static str {
    match makers {
        wire::AppMakers::Everybody => "everybody",
        wire::AppMakers::Administrators => "administrators",
    }
}

fn makers_from(key: &str) -> wire::AppMakers {
    let administrators = wire::AppMakers::Administrators;
    if key == key_of(administrators) { administrators } else { wire::AppMakers::Everybody }
}

impl Rules {
    /// Those of a workspace.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn load(db: &mut Reader, workspace: Id) -> Result<Rules, Refusal> {
        let Some(row) = WorkspaceSettings::find(db, workspace).await? else { return Ok(Rules::default()) };
        let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Rules {
            languages: serde_json::from_str(&row.languages).map_err(Refusal::internal)?,
            calendar: serde_json::from_str(&row.calendar).map_err(Refusal::internal)?,
            password: wire::PasswordPolicy { min_length: number(row.password_length) },
            session: wire::SessionPolicy {
                idle_minutes: number(row.session_minutes),
                longest_days: number(row.session_days),
                at_once: number(row.sessions),
            },
            app_makers: makers_from(&row.app_makers),
            named_at_sign_in: row.named_at_sign_in,
            version: row.version,
        })
    }

    fn row(&self, workspace: Id) -> Result<WorkspaceSettings, Refusal> {
        Ok(WorkspaceSettings {
            workspace,
            languages: serde_json::to_string(&self.languages).map_err(Refusal::internal)?,
            calendar: serde_json::to_string(&self.calendar).map_err(Refusal::internal)?,
            password_length: self.password.min_length.into(),
            session_minutes: self.session.idle_minutes.into(),
            session_days: self.session.longest_days.into(),
            sessions: self.session.at_once.into(),
            app_makers: key_of(self.app_makers).to_string(),
            named_at_sign_in: self.named_at_sign_in,
            version: self.version + 1,
        })
    }

    /// Whether somebody here may choose this language.
    ///
    /// # Errors
    /// `language_not_offered`.
    pub fn check_language(&self, language: Option<Language>) -> Result<(), Refusal> {
        match language {
            Some(language) if !self.languages.contains(&language) => {
                Err(Refusal::fault("language", "language_not_offered"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// How long a session lasts that is not used.
    pub fn idle(&self) -> SignedDuration {
        SignedDuration::from_mins(self.session.idle_minutes.into())
    }

    /// How long a session lasts in any case.
    pub fn longest(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.session.longest_days))
    }

    /// The working calendar as flows count by it.
    pub fn working_calendar(&self, zone: TimeZone) -> Calendar {
        let weekday = |day: &u8| Weekday::from_monday_one_offset(i8::try_from(*day).ok()?).ok();
        let hours = |hours: &wire::WorkHours| time_of(&hours.from).zip(time_of(&hours.to));
        let dates = |dates: &[String]| -> BTreeSet<Date> {
            dates.iter().filter_map(|date| date.parse().ok()).collect()
        };
        Calendar {
            zone,
            days: self.calendar.days.iter().filter_map(weekday).collect(),
            hours: self.calendar.hours.iter().filter_map(hours).collect(),
            holidays: dates(&self.calendar.holidays),
            extra: dates(&self.calendar.worked),
        }
    }

    fn faults(&self, workspace: &Workspace) -> Faults {
        let mut faults = Faults::new();
        let distinct: BTreeSet<&str> = self.languages.iter().map(|language| language.tag()).collect();
        if self.languages.is_empty() {
            faults.push(Fault::new("languages", "too_few").arg("min", 1));
        } else if distinct.len() < self.languages.len() {
            faults.push(Fault::new("languages", "twice"));
        } else if !self.languages.contains(&workspace.language) {
            faults.push(Fault::new("language", "language_not_offered"));
        }
        let mut within = |path: &str, value: u32, min: u32, max: u32| {
            if value < min {
                faults.push(Fault::new(path, "too_small").arg("min", min));
            } else if value > max {
                faults.push(Fault::new(path, "too_large").arg("max", max));
            }
        };
        within("password.min_length", self.password.min_length, shortest(), LONGEST_ASKED);
        within("session.idle_minutes", self.session.idle_minutes, SHORTEST_IDLE, 30 * 24 * 60);
        within("session.longest_days", self.session.longest_days, 1, 90);
        within("session.at_once", self.session.at_once, 1, 100);
        faults.extend(calendar_faults(&self.calendar));
        faults
    }
}

/// What is wrong with a working calendar.
fn calendar_faults(calendar: &wire::WorkCalendar) -> Faults {
    let mut faults = Faults::new();
    let mut days = BTreeSet::new();
    if calendar.days.iter().any(|day| !(1..=7).contains(day)) {
        faults.push(Fault::new("calendar.days", "not_a_weekday"));
    } else if !calendar.days.iter().all(|day| days.insert(*day)) {
        faults.push(Fault::new("calendar.days", "twice"));
    }
    if calendar.hours.len() > MOST_SPANS {
        faults.push(Fault::new("calendar.hours", "too_many").arg("max", MOST_SPANS));
    }
    let mut last: Option<Time> = None;
    for (place, hours) in calendar.hours.iter().enumerate() {
        let times = (time_of(&hours.from), time_of(&hours.to));
        let (Some(from), Some(to)) = times else {
            let member = if times.0.is_none() { "from" } else { "to" };
            faults.push(Fault::new(format!("calendar.hours.{place}.{member}"), "not_a_time"));
            continue;
        };
        if from >= to || last.is_some_and(|last| from < last) {
            faults.push(Fault::new(format!("calendar.hours.{place}"), "hours_out_of_order"));
        }
        last = Some(to);
    }
    let mut seen = BTreeSet::new();
    for (member, dates) in [("holidays", &calendar.holidays), ("worked", &calendar.worked)] {
        if dates.len() > MOST_DATES {
            faults.push(Fault::new(format!("calendar.{member}"), "too_many").arg("max", MOST_DATES));
            continue;
        }
        for (place, date) in dates.iter().enumerate() {
            let path = format!("calendar.{member}.{place}");
            match date.parse::<Date>() {
                Ok(day) if date.len() == 10 && seen.insert(day) => {}
                // A day is either: free or worked.
                Ok(_) if date.len() == 10 => faults.push(Fault::new(path, "twice")),
                Ok(_) | Err(_) => faults.push(Fault::new(path, "not_a_date")),
            }
        }
    }
    faults
}

/// `09:00`, as hours of work are written; `24:00` is the end of the day.
fn time_of(text: &str) -> Option<Time> {
    if text == "24:00" {
        return Some(Time::MAX);
    }
    let is_short = text.len() == 5 && text.is_char_boundary(2) && text.get(2..3) == Some(":");
    is_short.then(|| text.parse::<Time>().ok()).flatten()
}

/// What holds for everybody in the caller's workspace.
pub fn view(workspace: &Workspace, rules: &Rules) -> wire::WorkspaceSettings {
    wire::WorkspaceSettings {
        id: workspace.id,
        name: workspace.name.clone(),
        language: workspace.language,
        languages: rules.languages.clone(),
        zone: workspace.zone.clone(),
        currency: workspace.currency.clone(),
        calendar: rules.calendar.clone(),
        password: rules.password,
        session: rules.session,
        app_makers: rules.app_makers,
        named_at_sign_in: rules.named_at_sign_in,
    }
}

/// What the workspace is called, for whoever comes to sign in: where there is no other here, and its administrators let it be told.
///
/// # Errors
/// When the database can't be read.
pub async fn told_at_sign_in(installation: &Installation) -> Result<Option<String>, Refusal> {
    let mut db = installation.store.read().await?;
    let all = Workspace::list(&mut db).await?;
    let [only] = all.as_slice() else { return Ok(None) };
    let rules = Rules::load(&mut db, only.id).await?;
    Ok(rules.named_at_sign_in.then(|| only.name.clone()))
}

/// Changes what holds for everybody. Sessions that may not last as long any more end sooner, those that are open too.
///
/// # Errors
/// Faults of what was given.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    patch: wire::WorkspacePatch,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let id = actor.workspace_id();
                let before = Workspace::find(tx, id).await?.ok_or_else(Refusal::missing)?;
                let rules = Rules::load(tx, id).await?;
                let (workspace, next) = applied(&before, &rules, patch);
                check(&before, &workspace, &next)?;
                if workspace != before {
                    workspace.update(tx).await?;
                }
                if next != rules {
                    next.row(id)?.save(tx).await?;
                    let micros = |span: SignedDuration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
                    let (idle, longest) = (micros(next.idle()), micros(next.longest()));
                    WorkspaceSettings::shorten_sessions(tx, id, idle, longest).await?;
                }
                note(tx, &actor, &view(&before, &rules), &view(&workspace, &next)).await?;
                parts.directories.changed(tx, id).await?;
                Answer::done(&view(&workspace, &next))
            })
        })
        .await
}

fn applied(before: &Workspace, rules: &Rules, patch: wire::WorkspacePatch) -> (Workspace, Rules) {
    let name = patch.name.map(|name| in_one_line(&name));
    let workspace = Workspace {
        name: name.unwrap_or_else(|| before.name.clone()),
        language: patch.language.unwrap_or(before.language),
        currency: patch.currency.unwrap_or_else(|| before.currency.clone()),
        ..before.clone()
    };
    let next = Rules {
        languages: patch.languages.unwrap_or_else(|| rules.languages.clone()),
        calendar: patch.calendar.unwrap_or_else(|| rules.calendar.clone()),
        password: patch.password.unwrap_or(rules.password),
        session: patch.session.unwrap_or(rules.session),
        app_makers: patch.app_makers.unwrap_or(rules.app_makers),
        named_at_sign_in: patch.named_at_sign_in.unwrap_or(rules.named_at_sign_in),
        version: rules.version,
    };
    (workspace, next)
}

fn check(before: &Workspace, workspace: &Workspace, rules: &Rules) -> Result<(), Refusal> {
    let mut faults = rules.faults(workspace);
    if workspace.name.is_empty() {
        faults.push(Fault::new("name", "required"));
    } else if workspace.name.chars().count() > LONGEST_NAME {
        faults.push(Fault::new("name", "too_long").arg("max", LONGEST_NAME));
    }
    // One from before that no list knows stays until another is chosen, and keeps nothing else from being changed.
    if workspace.currency != before.currency && !is_currency(&workspace.currency) {
        faults.push(Fault::new("currency", "unknown_currency").arg("currency", &workspace.currency));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// What changed, by member.
async fn note(
    tx: &mut store::Tx,
    caller: &Caller,
    before: &wire::WorkspaceSettings,
    after: &wire::WorkspaceSettings,
) -> Result<(), Refusal> {
    let changes = Some(audit::difference(&json!(before), &json!(after)));
    let (object, label) = (Some(after.id), Some(after.name.as_str()));
    let note = Note { action: "workspace.update", object, label, changes };
    audit::note(tx, caller, note).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(calendar: &wire::WorkCalendar) -> Vec<String> {
        let faults = calendar_faults(calendar);
        faults.iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect()
    }

    #[test]
    fn a_calendar_has_days_of_the_week_hours_in_order_and_each_date_once() {
        let usual = Rules::default().calendar;
        assert!(codes(&usual).is_empty());
        let hours = |from: &str, to: &str| wire::WorkHours { from: from.into(), to: to.into() };
        let wrong = wire::WorkCalendar {
            days: vec![0, 1],
            hours: vec![hours("13:00", "18:00"), hours("09:00", "12:00"), hours("9", "10:00")],
            holidays: vec!["2026-10-01".into(), "2026-13-01".into()],
            worked: vec!["2026-10-01".into()],
        };
        let expected = [
            "calendar.days: not_a_weekday",
            "calendar.hours.1: hours_out_of_order",
            "calendar.hours.2.from: not_a_time",
            "calendar.holidays.1: not_a_date",
            "calendar.worked.0: twice",
        ];
        assert_eq!(codes(&wrong), expected);
        let night = wire::WorkCalendar { hours: vec![hours("16:00", "24:00")], ..usual };
        assert!(codes(&night).is_empty());
    }

    #[test]
    fn flows_count_by_the_days_and_hours_of_the_workspace() {
        let calendar = wire::WorkCalendar {
            holidays: vec!["2026-10-01".into()],
            worked: vec!["2026-10-03".into()],
            ..Rules::default().calendar
        };
        let calendar = Rules { calendar, ..Rules::default() }.working_calendar(TimeZone::UTC);
        let after = |from: &str, duration: &str| {
            calendar.after(from.parse().unwrap(), duration, true).unwrap().to_string()
        };
        // Over the lunch break; over a holiday; to a Saturday on which people work.
        assert_eq!(after("2026-09-30T11:00:00Z", "PT2H"), "2026-09-30T14:00:00Z");
        assert_eq!(after("2026-09-30T17:00:00Z", "PT2H"), "2026-10-02T10:00:00Z");
        assert_eq!(after("2026-10-02T10:00:00Z", "P1D"), "2026-10-03T10:00:00Z");
    }
}
