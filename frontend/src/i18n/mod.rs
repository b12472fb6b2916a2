//! The texts of the browser part, in the reader's language.
//!
//! The sentences are the Fluent files in `frontend/texts/LANGUAGE/TOPIC.ftl`. [`t!`](crate::t) gives a text that
//! follows a change of language while it is on the screen; [`text!`](crate::text) gives it once, for a
//! toast or a document title. Every key must exist in all languages: the tests of this module read the
//! source and compare.

mod clock;
mod format;
#[cfg(test)]
mod tests;
mod zone;

use std::sync::OnceLock;

use engine::text::Texts;
use fluent_bundle::{FluentArgs, FluentValue};
use leptos::prelude::*;
use leptos::reactive::graph::Observer;

pub use clock::{keep_time, now};
pub use engine::text::Language;
pub use format::{
    ago, around, currency_sign, date, date_time, day, file_size, group_digits, lasting, lasting_for, month,
    time, trimmed, whole,
};
pub use zone::{read_moments_in, today, zone};

use crate::browser;

/// Where the chosen language is remembered in this browser.
const REMEMBERED_AS: &str = "formwork.language";

/// The language on the screen. Outside any owner, because it lives as long as the page.
/// One for each thread: the browser has one, and tests that run beside each other need their own.
fn chosen() -> ArcRwSignal<Language> {
    thread_local! {
        static LANGUAGE: ArcRwSignal<Language> = ArcRwSignal::new(first_language());
    }
    LANGUAGE.with(Clone::clone)
}

/// The language on the screen; tracked where somebody follows it, and just read elsewhere (in an event, in a
/// task).
pub fn language() -> Language {
    if Observer::get().is_some() { chosen().get() } else { chosen().get_untracked() }
}

/// The language on the screen, without following its change.
pub fn language_now() -> Language {
    chosen().get_untracked()
}

/// Changes the language of everything on the screen and remembers it in this browser.
pub fn set_language(language: Language) {
    browser::remember(REMEMBERED_AS, language.tag());
    browser::set_document_language(language.tag());
    chosen().set(language);
}

/// Shows the language of whoever signed in, unless another one was chosen in this browser.
pub fn suggest_language(language: Language) {
    if browser::remembered(REMEMBERED_AS).is_none() {
        browser::set_document_language(language.tag());
        chosen().set(language);
    }
}

fn first_language() -> Language {
    let chosen = browser::remembered(REMEMBERED_AS);
    chosen
        .into_iter()
        .chain(browser::preferred_languages())
        .find_map(|tag| Language::from_tag(&tag))
        .unwrap_or_default()
}

/// The name of a language in that language.
pub fn own_name(language: Language) -> &'static str {
    match language {
        Language::ZhCn => "简体中文",
        Language::ZhTw => "繁體中文",
        Language::En => "English",
    }
}

/// Names one after the other, as the language on the screen lists them: `收益台账、成本台账`, `Benefit entry, Cost entry`.
pub fn listed(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let comma = match language() {
        Language::ZhCn | Language::ZhTw => "、",
        Language::En => ", ",
    };
    let names: Vec<String> = names.into_iter().map(|name| name.as_ref().to_string()).collect();
    names.join(comma)
}

/// The sentence for `key` in the language on the screen; tracked. Prefer [`t!`](crate::t) with a literal key.
pub fn lookup(key: &str, args: &[(&str, FluentValue<'static>)]) -> String {
    in_language(language(), key, args)
}

/// The sentence for `key` in `language`. A key without a text shows itself, so that a gap is seen.
pub fn in_language(language: Language, key: &str, args: &[(&str, FluentValue<'static>)]) -> String {
    let mut fluent = FluentArgs::with_capacity(args.len());
    for (name, value) in args {
        fluent.set(*name, value.clone());
    }
    texts(language).format(key, &fluent).unwrap_or_else(|| key.to_string())
}

fn texts(language: Language) -> &'static Texts {
    static ALL: OnceLock<[Texts; 3]> = OnceLock::new();
    let [zh_cn, zh_tw, en] =
        ALL.get_or_init(|| Language::ALL.map(|language| Texts::from_sources(language, sources(language))));
    match language {
        Language::ZhCn => zh_cn,
        Language::ZhTw => zh_tw,
        Language::En => en,
    }
}

/// The Fluent files, one for a topic. A new topic is a file in each language and a line here.
fn sources(language: Language) -> &'static [&'static str] {
    macro_rules! topics {
        ($tag:literal) => {
            &[
                include_str!(concat!("../../texts/", $tag, "/aggregates.ftl")),
                include_str!(concat!("../../texts/", $tag, "/bulk_edit.ftl")),
                include_str!(concat!("../../texts/", $tag, "/conditions.ftl")),
                include_str!(concat!("../../texts/", $tag, "/designer.ftl")),
                include_str!(concat!("../../texts/", $tag, "/entry.ftl")),
                include_str!(concat!("../../texts/", $tag, "/fill.ftl")),
                include_str!(concat!("../../texts/", $tag, "/flow_figures.ftl")),
                include_str!(concat!("../../texts/", $tag, "/flows.ftl")),
                include_str!(concat!("../../texts/", $tag, "/gallery.ftl")),
                include_str!(concat!("../../texts/", $tag, "/grid.ftl")),
                include_str!(concat!("../../texts/", $tag, "/home.ftl")),
                include_str!(concat!("../../texts/", $tag, "/hooks.ftl")),
                include_str!(concat!("../../texts/", $tag, "/import.ftl")),
                include_str!(concat!("../../texts/", $tag, "/inbox.ftl")),
                include_str!(concat!("../../texts/", $tag, "/links.ftl")),
                include_str!(concat!("../../texts/", $tag, "/notices.ftl")),
                include_str!(concat!("../../texts/", $tag, "/people.ftl")),
                include_str!(concat!("../../texts/", $tag, "/permissions.ftl")),
                include_str!(concat!("../../texts/", $tag, "/prints.ftl")),
                include_str!(concat!("../../texts/", $tag, "/public_form.ftl")),
                include_str!(concat!("../../texts/", $tag, "/ready_made.ftl")),
                include_str!(concat!("../../texts/", $tag, "/record.ftl")),
                include_str!(concat!("../../texts/", $tag, "/report.ftl")),
                include_str!(concat!("../../texts/", $tag, "/scripts.ftl")),
                include_str!(concat!("../../texts/", $tag, "/settings.ftl")),
                include_str!(concat!("../../texts/", $tag, "/shell.ftl")),
                include_str!(concat!("../../texts/", $tag, "/templates.ftl")),
                include_str!(concat!("../../texts/", $tag, "/ui.ftl")),
                include_str!(concat!("../../texts/", $tag, "/views.ftl")),
            ]
        };
    }
    match language {
        Language::ZhCn => topics!("zh-CN"),
        Language::ZhTw => topics!("zh-TW"),
        Language::En => topics!("en"),
    }
}

/// What a sentence can name.
pub trait Argument {
    fn argument(&self) -> FluentValue<'static>;
}

impl<A: Argument + ?Sized> Argument for &A {
    fn argument(&self) -> FluentValue<'static> {
        (**self).argument()
    }
}

impl Argument for str {
    fn argument(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_string())
    }
}

impl Argument for String {
    fn argument(&self) -> FluentValue<'static> {
        FluentValue::from(self.clone())
    }
}

macro_rules! number_arguments {
    ($($number:ty),*) => {$(
        impl Argument for $number {
            fn argument(&self) -> FluentValue<'static> {
                FluentValue::from(*self)
            }
        }
    )*};
}
number_arguments!(i32, i64, u32, u64, usize);

/// A text that follows the language on the screen: a closure for the view.
///
/// ```ignore
/// view! { <h1>{t!("nav-apps")}</h1> <p>{t!("home-waiting", count = tasks.get().len())}</p> }
/// ```
#[macro_export]
macro_rules! t {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        move || $crate::text!($key $(, $name = $value)*)
    };
}

/// The text now, in the language on the screen. In a reactive scope it is followed like any other signal.
#[macro_export]
macro_rules! text {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::i18n::lookup($key, &[$((stringify!($name), $crate::i18n::Argument::argument(&$value))),*])
    };
}
