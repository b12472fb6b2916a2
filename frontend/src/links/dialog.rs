//! Making a link, or changing one.

use engine::text::Label;
use engine::value::{format_timestamp, parse_date, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Link, LinkInput, LinkPatch};

use super::fields::{Choice, FieldChoice};
use super::page::Desk;
use crate::api::{Problem, links};
use crate::ui::{
    Banner, Button, ButtonKind, Checkbox, DateInput, Dialog, Field, InputType, NumberInput, TextArea,
    TextInput, Tone, toast,
};
use crate::{i18n, t, text};

/// Where the dialog says by itself what is wrong.
const OWN_PLACES: [&str; 9] =
    ["name", "heading", "intro", "thanks", "password", "expires", "limit", "fields", "embed"];

/// What is entered.
#[derive(Clone, Copy)]
struct Entered {
    name: RwSignal<String>,
    heading: RwSignal<String>,
    intro: RwSignal<String>,
    thanks: RwSignal<String>,
    password: RwSignal<String>,
    /// Whether the password that there is goes.
    unlock: RwSignal<bool>,
    /// The last day.
    last: RwSignal<String>,
    limit: RwSignal<String>,
    again: RwSignal<bool>,
    embed: RwSignal<String>,
    choice: Choice,
    /// Where something is missing, or was typed that is no day or no number; and the sentence about it.
    unread: RwSignal<Option<(&'static str, String)>>,
}

impl Entered {
    fn of(desk: Desk) -> Entered {
        Entered {
            name: RwSignal::default(),
            heading: RwSignal::default(),
            intro: RwSignal::default(),
            thanks: RwSignal::default(),
            password: RwSignal::default(),
            unlock: RwSignal::new(false),
            last: RwSignal::default(),
            limit: RwSignal::default(),
            again: RwSignal::new(true),
            embed: RwSignal::default(),
            choice: desk.form.with_value(|form| Choice::of(&form.form)),
            unread: RwSignal::new(None),
        }
    }

    /// Whether it has a name, and everything that was typed is understood.
    fn is_read(self) -> bool {
        let (last, limit) = (self.last.get_untracked(), self.limit.get_untracked());
        let is_nameless = self.name.with_untracked(|name| name.trim().is_empty());
        let no_day = !last.trim().is_empty() && parse_date(&last).is_none();
        let no_number = !limit.trim().is_empty() && limit.trim().parse::<u32>().is_err();
        let unread = if is_nameless {
            Some(("name", text!("links-name-needed")))
        } else if no_day {
            Some(("expires", text!("links-not-read")))
        } else {
            no_number.then(|| ("limit", text!("links-not-read")))
        };
        let is_read = unread.is_none();
        self.unread.set(unread);
        is_read
    }

    /// Begins with what a link says, or with nothing.
    fn begin(self, link: Option<&Link>) {
        let text = |label: &Option<Label>| {
            label.as_ref().map(|label| label.get(i18n::language_now()).to_string()).unwrap_or_default()
        };
        let of = |read: &dyn Fn(&Link) -> String| link.map(read).unwrap_or_default();
        self.name.set(of(&|link| link.name.clone()));
        self.heading.set(of(&|link| text(&link.heading)));
        self.intro.set(of(&|link| text(&link.intro)));
        self.thanks.set(of(&|link| text(&link.thanks)));
        self.password.set(String::new());
        self.unlock.set(false);
        self.last.set(of(&|link| last_day(link.expires.as_deref())));
        self.limit.set(of(&|link| link.limit.map(|limit| limit.to_string()).unwrap_or_default()));
        self.again.set(link.is_none_or(|link| link.again));
        self.embed.set(of(&|link| link.embed.join("\n")));
        self.unread.set(None);
        self.choice.set(link.map(|link| (link.fields.clone(), link.lookups.clone())));
    }

    fn input(self) -> LinkInput {
        LinkInput {
            name: self.name.get_untracked().trim().to_string(),
            fields: Some(self.choice.in_order()),
            lookups: self.choice.confirmed(),
            password: Some(self.password.get_untracked()).filter(|password| !password.is_empty()),
            expires: end_of(&self.last.get_untracked()),
            limit: self.limit.get_untracked().trim().parse().ok(),
            heading: label(self.heading),
            intro: label(self.intro),
            thanks: label(self.thanks),
            again: self.again.get_untracked(),
            embed: origins(&self.embed.get_untracked()),
            ..LinkInput::default()
        }
    }

    /// What of a link becomes another one.
    fn patch(self, link: &Link) -> LinkPatch {
        let LinkInput {
            name,
            fields,
            lookups,
            password,
            expires,
            limit,
            heading,
            intro,
            thanks,
            again,
            embed,
            ..
        } = self.input();
        // What was shown in one language and not touched keeps the others.
        let kept = |now: Option<Label>, before: &Option<Label>| {
            let text = |label: &Option<Label>| {
                label.as_ref().map(|label| label.get(i18n::language_now()).to_string())
            };
            (text(&now) != text(before)).then_some(now)
        };
        LinkPatch {
            name: Some(name),
            fields,
            lookups: Some(lookups),
            password: match password {
                Some(password) => Some(Some(password)),
                None => self.unlock.get_untracked().then_some(None),
            },
            expires: (end_of(&last_day(link.expires.as_deref())) != expires).then_some(expires),
            limit: (link.limit != limit).then_some(limit),
            heading: kept(heading, &link.heading),
            intro: kept(intro, &link.intro),
            thanks: kept(thanks, &link.thanks),
            again: Some(again),
            embed: Some(embed),
            ..LinkPatch::default()
        }
    }
}

fn label(text: RwSignal<String>) -> Option<Label> {
    let text = text.get_untracked().trim().to_string();
    (!text.is_empty()).then_some(Label::Plain(text))
}

/// The origins that stand in lines.
fn origins(text: &str) -> Vec<String> {
    text.split_whitespace().map(|line| line.trim_end_matches('/').to_string()).collect()
}

/// The moment at which a day is over where the reader lives.
fn end_of(day: &str) -> Option<String> {
    let next = parse_date(day)?.tomorrow().ok()?;
    Some(format_timestamp(next.to_zoned_datetime(i18n::zone()).ok()?.timestamp()))
}

/// The last day that is wholly before a moment, or that the moment lies in.
fn last_day(moment: Option<&str>) -> String {
    let Some(moment) = moment.and_then(parse_timestamp) else { return String::new() };
    let there = moment.to_zoned_datetime(i18n::zone()).datetime();
    let is_midnight = there.time() == jiff::civil::Time::midnight();
    let day = if is_midnight { there.date().yesterday().unwrap_or(there.date()) } else { there.date() };
    day.to_string()
}

#[component]
pub(super) fn LinkDialog(desk: Desk) -> impl IntoView {
    let entered = Entered::of(desk);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    Effect::new(move || {
        if desk.editing.get() {
            problem.set(None);
            desk.edited.with_untracked(|link| entered.begin(link.as_ref()));
        }
    });
    let save = move || {
        problem.set(None);
        if busy.get_untracked() || !entered.is_read() {
            return;
        }
        busy.set(true);
        let (before, form) = (desk.edited.get_untracked(), desk.form.with_value(|form| form.info.id));
        spawn_local(async move {
            let answer = match &before {
                Some(link) => links::change(link, &entered.patch(link)).await,
                None => links::create(form, &entered.input()).await,
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(link) => {
                    desk.put(link.clone());
                    desk.editing.set(false);
                    match before {
                        Some(_) => toast::show(text!("links-saved")),
                        // It is there to be handed on.
                        None => desk.shown.set(Some(link)),
                    }
                }
                Err(found) => problem.set(Some(found)),
            }
        });
    };
    let is_new = move || desk.edited.with(Option::is_none);
    let title = Signal::derive(move || if is_new() { text!("links-new") } else { text!("links-edit") });
    let foot = move || {
        view! {
            <Button on_press=move |_| desk.editing.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| save()>
                {move || if is_new() { text!("links-make") } else { text!("links-save") }}
            </Button>
        }
    };
    view! {
        <Dialog open=desk.editing title=title asks=true foot=Some(ViewFn::from(foot))>
            <LinkInputs desk=desk entered=entered problem=problem on_save=move |()| save()/>
        </Dialog>
    }
}

/// Everything that is said of a link.
#[component]
fn LinkInputs(
    desk: Desk,
    entered: Entered,
    problem: RwSignal<Option<Problem>>,
    #[prop(into)] on_save: Callback<()>,
) -> impl IntoView {
    // What is wrong with a member, or with one of its items.
    let fault = move |path: &'static str| {
        Signal::derive(move || {
            if let Some((_, words)) = entered.unread.get().filter(|(at, _)| *at == path) {
                return Some(words);
            }
            problem.with(|problem| {
                let errors = problem.as_ref().map(|problem| problem.errors.iter());
                let at = |found: &str| found == path || found.split('.').next() == Some(path);
                errors.into_iter().flatten().find(|error| at(&error.path)).map(|error| error.message.clone())
            })
        })
    };
    let general = move || {
        let problem = problem.get()?;
        let is_shown = |path: &str| path.split('.').next().is_some_and(|own| OWN_PLACES.contains(&own));
        let other =
            problem.errors.iter().find(|error| !is_shown(&error.path)).map(|error| error.message.clone());
        other.or_else(|| problem.errors.is_empty().then(|| problem.sentence()))
    };
    let is_locked = move || desk.edited.with(|link| link.as_ref().is_some_and(|link| link.password));
    let password_help =
        Signal::derive(
            move || {
                if is_locked() { text!("links-password-kept") } else { text!("links-password-help") }
            },
        );
    let wrong_fields = fault("fields");
    view! {
        <form
            class="stack g4"
            on:submit=move |event| {
                event.prevent_default();
                on_save.run(());
            }
        >
            {move || general().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
            <Field label=t!("links-name") help=Signal::derive(t!("links-name-help")) required=true error=fault("name")>
                <TextInput value=entered.name on_input=move |text| entered.name.set(text) name="link-name" autofocus=true/>
            </Field>
            <div class="field">
                <span class="label">{t!("links-fields")}</span>
                <FieldChoice choice=entered.choice/>
                {move || wrong_fields.get().map(|words| view! { <span class="error">{words}</span> })}
            </div>
            <div class="form">
                <Field label=t!("links-last-day") class="q2" help=Signal::derive(t!("links-last-day-help")) error=fault("expires")>
                    <DateInput value=entered.last on_change=move |day| entered.last.set(day) name="link-last-day"/>
                </Field>
                <Field label=t!("links-limit") class="q2" error=fault("limit")>
                    <NumberInput value=entered.limit on_input=move |text| entered.limit.set(text) name="link-limit"/>
                </Field>
            </div>
            <Field label=t!("links-password") help=password_help error=fault("password")>
                <TextInput
                    value=entered.password
                    on_input=move |text| entered.password.set(text)
                    kind=InputType::Password
                    autocomplete="new-password"
                    name="link-password"
                />
            </Field>
            {move || is_locked().then(|| view! {
                <Checkbox checked=entered.unlock on_change=move |on| entered.unlock.set(on)>{t!("links-password-off")}</Checkbox>
            })}
            <Field label=t!("links-heading") help=Signal::derive(t!("links-heading-help")) error=fault("heading")>
                <TextInput value=entered.heading on_input=move |text| entered.heading.set(text) name="link-heading"/>
            </Field>
            <Field label=t!("links-intro") error=fault("intro")>
                <TextArea value=entered.intro on_input=move |text| entered.intro.set(text) rows=2 name="link-intro"/>
            </Field>
            <Field label=t!("links-thanks") help=Signal::derive(t!("links-thanks-help")) error=fault("thanks")>
                <TextArea value=entered.thanks on_input=move |text| entered.thanks.set(text) rows=2 name="link-thanks"/>
            </Field>
            <Checkbox checked=entered.again on_change=move |on| entered.again.set(on)>{t!("links-again")}</Checkbox>
            <Field label=t!("links-embed") help=Signal::derive(t!("links-embed-help")) error=fault("embed")>
                <TextArea
                    value=entered.embed
                    on_input=move |text| entered.embed.set(text)
                    rows=2
                    name="link-embed"
                    placeholder=Signal::stored("https://www.example.com".to_string())
                />
            </Field>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_ends_with_its_last_day_where_the_reader_lives() {
        i18n::read_moments_in(Some("Asia/Taipei"));
        assert_eq!(end_of("2026-11-24").as_deref(), Some("2026-11-24T16:00:00Z"));
        assert_eq!(last_day(Some("2026-11-24T16:00:00Z")), "2026-11-24");
        assert_eq!(last_day(Some("2026-11-24T12:00:00Z")), "2026-11-24");
        assert_eq!((last_day(None), end_of("")), (String::new(), None));
        i18n::read_moments_in(None);
    }

    #[test]
    fn origins_stand_in_lines() {
        assert_eq!(
            origins("https://a.example/ \n\nhttps://b.example"),
            ["https://a.example", "https://b.example"]
        );
    }
}
