//! How a member wants to be told.

use std::collections::BTreeMap;

use engine::flow::NoticeKind;
use engine::text::{Fault, Faults};
use engine::value::{Id, Timestamp, format_time, parse_time};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use store::Reader;
use store::notice::{Notice, NoticeSettings as Row};
use wire::{NoticeChannel, NoticeMail, NoticeSettings as View, NoticeSettingsInput};

use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::people::{Caller, Directory};
use crate::service::{Installation, Refusal, clock};

/// Minutes of an hour.
const HOUR: i64 = 60;
/// When the daily letter is written where nobody has said so.
const USUAL: i64 = 8 * HOUR;

/// How one member is told of what, by what they have said, else as usual.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    channels: BTreeMap<NoticeKind, NoticeChannel>,
    /// The minute of their day at which the daily letter is written.
    daily_at: i64,
    version: i64,
}

/// What asks something of somebody comes at once, the rest once a day.
fn usual(kind: NoticeKind) -> NoticeChannel {
    let mail = match kind {
        NoticeKind::Task
        | NoticeKind::Returned
        | NoticeKind::Reminder
        | NoticeKind::Mention
        | NoticeKind::Message
        | NoticeKind::Failed => NoticeMail::Now,
        // Of a system that is away there may be many at once.
        NoticeKind::Comment | NoticeKind::Copy | NoticeKind::Outcome | NoticeKind::Undelivered => {
            NoticeMail::Daily
        }
    };
    NoticeChannel { app: true, mail }
}

impl Settings {
    /// # Errors
    /// When what is stored can't be read.
    pub fn of(row: Option<&Row>) -> Result<Settings, Refusal> {
        let said: BTreeMap<String, NoticeChannel> = match row {
            Some(row) => stored("notice_settings", &row.channels)?,
            None => BTreeMap::new(),
        };
        let channel = |kind: NoticeKind| said.get(kind.key()).copied().unwrap_or_else(|| usual(kind));
        Ok(Settings {
            channels: NoticeKind::ALL.into_iter().map(|kind| (kind, channel(kind))).collect(),
            daily_at: row.map_or(USUAL, |row| row.daily_at),
            version: row.map_or(0, |row| row.version),
        })
    }

    pub fn channel(&self, kind: NoticeKind) -> NoticeChannel {
        self.channels.get(&kind).copied().unwrap_or_else(|| usual(kind))
    }

    /// When a letter tells of something of this kind that happens now; none where none does.
    pub fn mail_at(&self, kind: NoticeKind, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self.channel(kind).mail {
            NoticeMail::Off => None,
            NoticeMail::Now => Some(now),
            NoticeMail::Daily => Some(next_daily(now, self.daily_at, zone)),
        }
    }

    fn named(&self) -> BTreeMap<String, NoticeChannel> {
        self.channels.iter().map(|(kind, channel)| (kind.key().to_string(), *channel)).collect()
    }

    fn row(&self, workspace: Id, member: Id) -> Result<Row, Refusal> {
        let channels = to_json(&self.named())?;
        Ok(Row { workspace, member, channels, daily_at: self.daily_at, version: self.version + 1 })
    }
}

/// The next moment after `now` at which the clocks of `zone` show this minute of the day.
pub fn next_daily(now: Timestamp, minute: i64, zone: &TimeZone) -> Timestamp {
    let time = time_of(minute);
    let at = |day: Date| -> Option<Timestamp> {
        let local = day.at(time.hour(), time.minute(), 0, 0);
        Some(local.to_zoned_datetime(zone.clone()).ok()?.timestamp())
    };
    let today = now.to_zoned_datetime(zone.clone()).date();
    let tomorrow = today.tomorrow().ok();
    let days = std::iter::once(today).chain(tomorrow);
    days.filter_map(at).find(|moment| *moment > now).unwrap_or(now)
}

fn time_of(minute: i64) -> Time {
    let part = |number: i64| i8::try_from(number).unwrap_or_default();
    Time::new(part(minute / HOUR), part(minute % HOUR), 0, 0).unwrap_or_default()
}

/// The zone that a member lives by.
pub fn zone_of(people: &Directory, member: Id) -> (String, TimeZone) {
    let own = people.members.get(&member).and_then(|member| member.zone.clone());
    let name = own.unwrap_or_else(|| people.workspace.zone.clone());
    let zone = TimeZone::get(&name).unwrap_or(TimeZone::UTC);
    (name, zone)
}

/// # Errors
/// When the database can't be read.
pub async fn load(db: &mut Reader, workspace: Id, member: Id) -> Result<Settings, Refusal> {
    Settings::of(Row::find(db, workspace, member).await?.as_ref())
}

fn view(installation: &Installation, caller: &Caller, settings: &Settings) -> View {
    View {
        channels: settings.named(),
        daily_at: format_time(time_of(settings.daily_at)),
        zone: zone_of(&caller.people, caller.id()).0,
        mail: installation.postman.is_some(),
    }
}

/// The caller's own.
///
/// # Errors
/// When the database can't be read.
pub async fn read(installation: &Installation, caller: &Caller) -> Result<View, Refusal> {
    let mut db = installation.store.read().await?;
    let settings = load(&mut db, caller.workspace_id(), caller.id()).await?;
    Ok(view(installation, caller, &settings))
}

/// Changes the caller's own. Letters that are not written yet follow.
///
/// # Errors
/// `unknown_member` for a kind that there is not, `wrong_type` for a time that is none.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    input: NoticeSettingsInput,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let (workspace, me) = (actor.workspace_id(), actor.id());
                let settings = changed(load(tx, workspace, me).await?, &input)?;
                settings.row(workspace, me)?.save(tx).await?;
                let (now, (_, zone)) = (clock::now(), zone_of(&actor.people, me));
                for kind in NoticeKind::ALL {
                    let at = settings.mail_at(kind, now, &zone);
                    Notice::put_off_mail(tx, (workspace, me), kind.key(), at).await?;
                }
                Answer::done(&view(&parts, &actor, &settings))
            })
        })
        .await
}

fn changed(mut settings: Settings, input: &NoticeSettingsInput) -> Result<Settings, Refusal> {
    let mut faults = Faults::new();
    for (name, channel) in &input.channels {
        match NoticeKind::from_key(name) {
            Some(kind) => {
                settings.channels.insert(kind, *channel);
            }
            None => {
                faults.push(Fault::new(format!("channels.{name}"), "unknown_member").arg("member", name));
            }
        }
    }
    match input.daily_at.as_deref().map(parse_time) {
        Some(Some(time)) => settings.daily_at = i64::from(time.hour()) * HOUR + i64::from(time.minute()),
        Some(None) => faults.push(Fault::new("daily_at", "wrong_type")),
        None => {}
    }
    if faults.is_empty() { Ok(settings) } else { Err(Refusal::invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_daily_letter_comes_at_the_time_of_the_members_day() {
        let taipei = TimeZone::get("Asia/Taipei").unwrap();
        let morning = 8 * HOUR;
        assert_eq!(next_daily(at("2026-11-21T23:59:00Z"), morning, &taipei), at("2026-11-22T00:00:00Z"));
        assert_eq!(next_daily(at("2026-11-22T00:00:00Z"), morning, &taipei), at("2026-11-23T00:00:00Z"));
        let york = TimeZone::get("America/New_York").unwrap();
        assert_eq!(next_daily(at("2026-11-22T00:00:00Z"), morning, &york), at("2026-11-22T13:00:00Z"));
        // 02:30 does not exist on the day on which clocks go forward.
        let spring = next_daily(at("2026-03-08T05:00:00Z"), 2 * HOUR + 30, &york);
        assert_eq!(spring, at("2026-03-08T07:30:00Z"));
    }

    #[test]
    fn what_is_not_said_stays_as_usual() {
        let input: NoticeSettingsInput = serde_json::from_value(serde_json::json!({
            "channels": {"copy": {"app": false, "mail": "off"}}, "daily_at": "17:30"}))
        .unwrap();
        let settings = changed(Settings::of(None).unwrap(), &input).unwrap();
        assert_eq!(settings.channel(NoticeKind::Copy), NoticeChannel { app: false, mail: NoticeMail::Off });
        assert_eq!(settings.channel(NoticeKind::Task), usual(NoticeKind::Task));
        assert_eq!(settings.daily_at, 17 * HOUR + 30);
        let again =
            Settings::of(Some(&settings.row(Id::from_i64(1).unwrap(), Id::from_i64(2).unwrap()).unwrap()));
        assert_eq!(again.unwrap().named(), settings.named());
        let wrong: NoticeSettingsInput = serde_json::from_value(serde_json::json!({
            "channels": {"letter": {"app": true, "mail": "now"}}, "daily_at": "late"}))
        .unwrap();
        let refused = changed(settings, &wrong).unwrap_err();
        let paths: Vec<&str> = refused.faults.iter().map(|fault| fault.path.as_str()).collect();
        assert_eq!(paths, ["channels.letter", "daily_at"]);
    }
}
