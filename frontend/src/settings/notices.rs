//! Of what one is told, in the product and by mail, and when the daily letter comes.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{NoticeChannel, NoticeMail, NoticeSettings, NoticeSettingsInput};

use crate::api::{Problem, notices};
use crate::ui::{
    Banner, Button, ButtonKind, Choice, ControlSize, Field, Loaded, Select, Switch, TextInput, Tone, toast,
};
use crate::{i18n, t, text};

/// The kinds of notices, what asks something of the reader first.
const KINDS: [&str; 10] = [
    "task",
    "returned",
    "reminder",
    "mention",
    "comment",
    "copy",
    "outcome",
    "message",
    "failed",
    "undelivered",
];

#[component]
pub fn NoticeSettingsPage() -> impl IntoView {
    let found = LocalResource::new(notices::settings);
    let page = |settings: NoticeSettings| view! { <Channels settings=settings/> };
    view! { <Loaded answer=found view=page lines=8/> }
}

fn name_of(kind: &str) -> String {
    i18n::lookup(&format!("notices-kind-{kind}"), &[])
}

fn key_of(mail: NoticeMail) -> &'static str {
    match mail {
        NoticeMail::Off => "off",
        NoticeMail::Now => "now",
        NoticeMail::Daily => "daily",
    }
}

fn mail_of(key: &str) -> NoticeMail {
    match key {
        "now" => NoticeMail::Now,
        "daily" => NoticeMail::Daily,
        _off => NoticeMail::Off,
    }
}

fn change(
    channels: RwSignal<BTreeMap<String, NoticeChannel>>,
    kind: &str,
    how: impl FnOnce(&mut NoticeChannel),
) {
    channels.update(|channels| {
        if let Some(channel) = channels.get_mut(kind) {
            how(channel);
        }
    });
}

#[component]
fn Channels(settings: NoticeSettings) -> impl IntoView {
    let NoticeSettings { channels, daily_at, zone, mail } = settings;
    let channels = RwSignal::new(channels);
    let daily_at = RwSignal::new(daily_at);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let fault =
        Signal::derive(move || problem.with(|problem| problem.as_ref()?.at("daily_at").map(str::to_string)));
    let general =
        move || problem.get().filter(|problem| problem.errors.is_empty()).map(|problem| problem.sentence());
    let save = move |_| {
        busy.set(true);
        problem.set(None);
        let input = NoticeSettingsInput {
            channels: channels.get_untracked(),
            daily_at: Some(daily_at.get_untracked().trim().to_string()),
        };
        spawn_local(async move {
            let answer = notices::change_settings(&input).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(settings) => {
                    let _ = daily_at.try_set(settings.daily_at);
                    toast::show(text!("record-saved"));
                }
                Err(found) => drop(problem.try_set(Some(found))),
            }
        });
    };
    let rows = KINDS.map(|kind| view! { <Row kind=kind channels=channels mails=mail/> });
    let help = Signal::derive(move || text!("notices-daily-help", zone = zone.clone()));
    view! {
        <section class="card">
            <div class="card-head"><h2>{t!("settings-notices")}</h2></div>
            <div class="card-body stack g4">
                {move || general().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                {(!mail).then(|| view! { <Banner tone=Tone::Info>{t!("notices-no-mail")}</Banner> })}
                <div class="sub-scroll">
                    <table class="grid plain auto">
                        <thead>
                            <tr>
                                <th scope="col">{t!("notices-of-what")}</th>
                                <th scope="col">{t!("notices-in-app")}</th>
                                <th scope="col">{t!("notices-by-mail")}</th>
                            </tr>
                        </thead>
                        <tbody>{rows.into_iter().collect_view()}</tbody>
                    </table>
                </div>
                <Field label=t!("notices-daily-at") help=help error=fault>
                    <TextInput value=daily_at on_input=move |text| daily_at.set(text) name="daily-at"/>
                </Field>
                <div class="row">
                    <Button kind=ButtonKind::Primary busy=busy on_press=save>{t!("ui-save")}</Button>
                </div>
            </div>
        </section>
    }
}

/// One kind of notice: whether the product lists it, and what mail does.
#[component]
fn Row(
    kind: &'static str,
    channels: RwSignal<BTreeMap<String, NoticeChannel>>,
    /// Whether any mail is sent at all.
    mails: bool,
) -> impl IntoView {
    let channel = move || channels.with(|channels| channels.get(kind).copied());
    let listed = Signal::derive(move || channel().is_some_and(|channel| channel.app));
    let list = move |on: bool| change(channels, kind, |channel| channel.app = on);
    let mail = Signal::derive(move || channel().map(|channel| key_of(channel.mail).to_string()));
    let choose = move |key: Option<String>| {
        let mail = mail_of(key.as_deref().unwrap_or_default());
        change(channels, kind, |channel| channel.mail = mail);
    };
    let choices = Signal::derive(|| {
        vec![
            Choice::new("off", text!("notices-mail-off")),
            Choice::new("now", text!("notices-mail-now")),
            Choice::new("daily", text!("notices-mail-daily")),
        ]
    });
    let name = move || name_of(kind);
    let in_app = Signal::derive(move || format!("{}: {}", name_of(kind), text!("notices-in-app")));
    let by_mail = Signal::derive(move || format!("{}: {}", name_of(kind), text!("notices-by-mail")));
    let is_off = Signal::derive(move || !mails);
    view! {
        <tr data-kind=kind>
            <th scope="row">{name}</th>
            <td><Switch checked=listed on_change=list label=in_app/></td>
            <td>
                <Select
                    choices=choices
                    value=mail
                    on_change=choose
                    disabled=is_off
                    label=by_mail
                    size=ControlSize::Small
                />
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_and_every_way_its_word() {
        for kind in KINDS {
            assert!(!name_of(kind).starts_with("notices-kind-"), "{kind}");
        }
        for mail in [NoticeMail::Off, NoticeMail::Now, NoticeMail::Daily] {
            assert_eq!(mail_of(key_of(mail)), mail);
        }
    }
}
