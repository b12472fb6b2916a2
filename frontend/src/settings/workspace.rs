//! What the workspace says for everybody in it.

use futures::future::try_join3;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{
    AppMakers, PasswordPolicy, SessionPolicy, SignInPolicyRead, WorkCalendar, WorkHours, WorkspaceFiles,
    WorkspacePatch, WorkspaceSettings, ZoneChanged,
};

use super::again::{Again, AgainDialog};
use super::policy::Policy;
use super::storage::Storage;
use super::zones::ZoneSelect;
use super::{SavedCard, Saving};
use crate::api::{Problem, session, sign_in, workspace};
use crate::i18n::{self, Language};
use crate::imports::{Run, RunProgress};
use crate::t;
use crate::ui::{
    Banner, Button, Checkbox, Field, Loaded, NumberInput, Segment, Segmented, TextArea, TextInput, Tone,
};

const DAYS: [&str; 7] =
    ["weekday-1", "weekday-2", "weekday-3", "weekday-4", "weekday-5", "weekday-6", "weekday-7"];

#[component]
pub fn WorkspacePage() -> impl IntoView {
    let found = LocalResource::new(whole);
    let again = Again::new();
    let page = move |(settings, files, policy): (WorkspaceSettings, WorkspaceFiles, SignInPolicyRead)| {
        view! {
            <div class="stack g6">
                <General settings=settings.clone()/>
                <Zone zone=settings.zone.clone()/>
                <Calendar calendar=settings.calendar.clone()/>
                <SignIn settings=settings.clone()/>
                <Policy again=again policy=policy/>
                <Makers makers=settings.app_makers/>
                <Storage files=files/>
            </div>
        }
    };
    view! {
        <Loaded answer=found view=page lines=8/>
        <AgainDialog again=again/>
    }
}

/// What is said, how much room files take, and who needs a second step: shown at once, so that none pushes another away.
async fn whole() -> Result<(WorkspaceSettings, WorkspaceFiles, SignInPolicyRead), Problem> {
    try_join3(workspace::read(), workspace::files(), sign_in::policy()).await
}

/// Saves a part of what the workspace says; name, language and currency hold at once on every page.
fn save(saving: Saving, patch: WorkspacePatch) {
    saving.save(async move { workspace::update(&patch).await }, |settings| {
        session::update_me(|me| {
            me.workspace.name = settings.name;
            me.workspace.language = settings.language;
            me.workspace.currency = settings.currency;
        });
    });
}

/// Name, languages and currency.
#[component]
fn General(settings: WorkspaceSettings) -> impl IntoView {
    let saving = Saving::new();
    let name = RwSignal::new(settings.name);
    let currency = RwSignal::new(settings.currency);
    let language = RwSignal::new(settings.language);
    let offered = RwSignal::new(settings.languages);
    let on_save = move |()| {
        let patch = WorkspacePatch {
            name: Some(name.get_untracked()),
            currency: Some(currency.get_untracked().trim().to_uppercase()),
            language: Some(language.get_untracked()),
            languages: Some(offered.get_untracked()),
            ..WorkspacePatch::default()
        };
        save(saving, patch);
    };
    let segments: Vec<Segment> = Language::ALL
        .map(|language| Segment::new(language.tag(), move || i18n::own_name(language).to_string()))
        .to_vec();
    let choose = move |tag: &'static str| {
        if let Some(chosen) = Language::from_tag(tag) {
            language.set(chosen);
        }
    };
    let boxes = Language::ALL.map(|one| {
        let checked = Signal::derive(move || offered.with(|offered| offered.contains(&one)));
        let turn = move |on: bool| {
            offered.update(|offered| {
                offered.retain(|known| *known != one);
                if on {
                    offered.push(one);
                }
            });
        };
        view! { <Checkbox checked=checked on_change=turn>{i18n::own_name(one)}</Checkbox> }
    });
    view! {
        <SavedCard title=t!("workspace-general") saving=saving on_save=on_save>
            <Field label=t!("workspace-name") required=true error=saving.fault("name")>
                <TextInput value=name on_input=move |text| name.set(text) name="workspace-name"/>
            </Field>
            <div class="field">
                <span class="label">{t!("workspace-language")}</span>
                <div>
                    <Segmented
                        segments=segments
                        selected=Signal::derive(move || language.get().tag().to_string())
                        on_select=choose
                        label=Signal::derive(t!("workspace-language"))
                    />
                </div>
            </div>
            <div class="field">
                <span class="label">{t!("workspace-languages")}</span>
                <div class="row wrap">{boxes.into_iter().collect_view()}</div>
            </div>
            <Field label=t!("workspace-currency") error=saving.fault("currency")>
                <TextInput value=currency on_input=move |text| currency.set(text) name="workspace-currency"/>
            </Field>
        </SavedCard>
    }
}

/// The zone in which days are counted: changing it counts anew what depends on it.
#[component]
fn Zone(zone: String) -> impl IntoView {
    let wanted = RwSignal::new(zone);
    let run = Run::new();
    let done = RwSignal::new(None::<ZoneChanged>);
    let change = move |_| {
        let zone = wanted.get_untracked().trim().to_string();
        done.set(None);
        spawn_local(async move {
            let changed = run.follow::<ZoneChanged>(workspace::change_zone(&zone), "import-cancelled").await;
            if let Some((_, changed)) = changed {
                session::update_me(|me| me.workspace.zone = changed.zone.clone());
                let _ = done.try_set(Some(changed));
            }
        });
    };
    view! {
        <section class="card">
            <div class="card-head"><h2>{t!("workspace-zone")}</h2></div>
            <div class="card-body stack g4">
                {move || run.fault.get().map(|fault| view! { <Banner tone=Tone::Danger>{fault}</Banner> })}
                <Field label=t!("workspace-zone") help=Signal::derive(t!("workspace-zone-help"))>
                    <ZoneSelect value=wanted on_change=move |name: String| wanted.set(name)/>
                </Field>
                {move || run.running.get().then(|| view! {
                    <RunProgress run=run label=Signal::derive(t!("workspace-zone-running"))/>
                })}
                {move || done.get().map(|done| view! {
                    <p role="status">
                        {t!("workspace-zone-done", tables = done.tables, changed = done.changed, failed = done.failed)}
                    </p>
                })}
                <div class="row">
                    <Button busy=run.running on_press=change>{t!("workspace-zone-change")}</Button>
                </div>
            </div>
        </section>
    }
}

/// A text of lines as a list.
fn lines(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_string).collect()
}

/// `09:00-12:00 13:00-18:00` as spans; what is no span is told by the server.
fn spans(text: &str) -> Vec<WorkHours> {
    let spans = text.split_whitespace().map(|span| {
        let (from, to) = span.split_once(['-', '–']).unwrap_or((span, ""));
        WorkHours { from: from.to_string(), to: to.to_string() }
    });
    spans.collect()
}

/// Days and hours of work.
#[component]
fn Calendar(calendar: WorkCalendar) -> impl IntoView {
    let saving = Saving::new();
    let days = RwSignal::new(calendar.days);
    let written: Vec<String> =
        calendar.hours.iter().map(|hours| format!("{}-{}", hours.from, hours.to)).collect();
    let hours = RwSignal::new(written.join(" "));
    let holidays = RwSignal::new(calendar.holidays.join("\n"));
    let worked = RwSignal::new(calendar.worked.join("\n"));
    // What was sent last, to which the faults of the answer belong.
    let sent = || StoredValue::new(Vec::<String>::new());
    let (sent_hours, sent_holidays, sent_worked) = (sent(), sent(), sent());
    let on_save = move |()| {
        let mut days = days.get_untracked();
        days.sort_unstable();
        sent_hours.set_value(lines(&hours.get_untracked()));
        sent_holidays.set_value(lines(&holidays.get_untracked()));
        sent_worked.set_value(lines(&worked.get_untracked()));
        let calendar = WorkCalendar {
            days,
            hours: spans(&hours.get_untracked()),
            holidays: sent_holidays.get_value(),
            worked: sent_worked.get_value(),
        };
        save(saving, WorkspacePatch { calendar: Some(calendar), ..WorkspacePatch::default() });
    };
    let boxes = (1..=7u8).zip(DAYS).map(|(day, name)| {
        let checked = Signal::derive(move || days.with(|days| days.contains(&day)));
        let turn = move |on: bool| {
            days.update(|days| {
                days.retain(|known| *known != day);
                if on {
                    days.push(day);
                }
            });
        };
        view! { <Checkbox checked=checked on_change=turn>{move || i18n::lookup(name, &[])}</Checkbox> }
    });
    let boxes = boxes.collect_view();
    view! {
        <SavedCard title=t!("workspace-calendar") saving=saving on_save=on_save>
            <div class="field">
                <span class="label">{t!("workspace-days")}</span>
                <div class="row wrap">{boxes}</div>
            </div>
            <Field
                label=t!("workspace-hours")
                help=Signal::derive(t!("workspace-hours-help"))
                error=saving.faults_among("calendar.hours", sent_hours)
            >
                <TextInput value=hours on_input=move |text| hours.set(text) name="work-hours"/>
            </Field>
            <Field
                label=t!("workspace-holidays")
                help=Signal::derive(t!("workspace-dates-help"))
                error=saving.faults_among("calendar.holidays", sent_holidays)
            >
                <TextArea value=holidays on_input=move |text| holidays.set(text)/>
            </Field>
            <Field
                label=t!("workspace-worked")
                help=Signal::derive(t!("workspace-dates-help"))
                error=saving.faults_among("calendar.worked", sent_worked)
            >
                <TextArea value=worked on_input=move |text| worked.set(text)/>
            </Field>
        </SavedCard>
    }
}

/// What is asked of passwords, how long people stay signed in, and whether the workspace is named to whoever comes to sign in.
#[component]
fn SignIn(settings: WorkspaceSettings) -> impl IntoView {
    let WorkspaceSettings { password, session, named_at_sign_in, .. } = settings;
    let saving = Saving::new();
    let named = RwSignal::new(named_at_sign_in);
    let length = RwSignal::new(password.min_length.to_string());
    let idle = RwSignal::new(session.idle_minutes.to_string());
    let longest = RwSignal::new(session.longest_days.to_string());
    let at_once = RwSignal::new(session.at_once.to_string());
    // What is no number is refused as too small.
    let number = |text: RwSignal<String>| text.get_untracked().trim().parse::<u32>().unwrap_or_default();
    let on_save = move |()| {
        let session = SessionPolicy {
            idle_minutes: number(idle),
            longest_days: number(longest),
            at_once: number(at_once),
        };
        let password = PasswordPolicy { min_length: number(length) };
        let (password, session) = (Some(password), Some(session));
        let named_at_sign_in = Some(named.get_untracked());
        save(saving, WorkspacePatch { password, session, named_at_sign_in, ..WorkspacePatch::default() });
    };
    view! {
        <SavedCard title=t!("workspace-sign-in") saving=saving on_save=on_save>
            <Field label=t!("workspace-password-length") error=saving.fault("password.min_length")>
                <NumberInput value=length on_input=move |text| length.set(text) name="password-length"/>
            </Field>
            <Field label=t!("workspace-session-idle") error=saving.fault("session.idle_minutes")>
                <NumberInput value=idle on_input=move |text| idle.set(text) name="session-idle"/>
            </Field>
            <Field label=t!("workspace-session-longest") error=saving.fault("session.longest_days")>
                <NumberInput value=longest on_input=move |text| longest.set(text) name="session-longest"/>
            </Field>
            <Field label=t!("workspace-sessions") error=saving.fault("session.at_once")>
                <NumberInput value=at_once on_input=move |text| at_once.set(text) name="sessions"/>
            </Field>
            <div class="field">
                <Checkbox checked=named on_change=move |on| named.set(on)>{t!("workspace-named")}</Checkbox>
                <span class="note muted">{t!("workspace-named-help")}</span>
            </div>
        </SavedCard>
    }
}

const MAKERS: [(&str, AppMakers); 2] =
    [("everybody", AppMakers::Everybody), ("administrators", AppMakers::Administrators)];

/// Who makes apps. Administrators of an app go on designing it.
#[component]
fn Makers(makers: AppMakers) -> impl IntoView {
    let saving = Saving::new();
    let chosen = RwSignal::new(makers);
    let on_save = move |()| {
        let app_makers = Some(chosen.get_untracked());
        save(saving, WorkspacePatch { app_makers, ..WorkspacePatch::default() });
    };
    let segments = vec![
        Segment::new("everybody", t!("workspace-makers-everybody")),
        Segment::new("administrators", t!("workspace-makers-administrators")),
    ];
    let selected = move || {
        let known = MAKERS.iter().find(|(_, makers)| *makers == chosen.get());
        known.map_or_else(String::new, |(key, _)| (*key).to_string())
    };
    let choose = move |key: &'static str| {
        if let Some((_, makers)) = MAKERS.iter().find(|(known, _)| *known == key) {
            chosen.set(*makers);
        }
    };
    view! {
        <SavedCard title=t!("workspace-apps") saving=saving on_save=on_save>
            <div class="field" id="app-makers">
                <span class="label">{t!("workspace-app-makers")}</span>
                <div>
                    <Segmented
                        segments=segments
                        selected=Signal::derive(selected)
                        on_select=choose
                        label=Signal::derive(t!("workspace-app-makers"))
                    />
                </div>
                <span class="note muted">{t!("workspace-app-makers-help")}</span>
            </div>
        </SavedCard>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_written_as_spans() {
        let hours = |from: &str, to: &str| WorkHours { from: from.into(), to: to.into() };
        assert_eq!(spans(" 09:00-12:00  13:00–18:00 "), [hours("09:00", "12:00"), hours("13:00", "18:00")]);
        assert_eq!(spans("nine"), [hours("nine", "")]);
    }
}
