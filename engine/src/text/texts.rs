//! The sentences, from the Fluent files in `engine/texts/`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Fault, Language};

type Bundle = FluentBundle<FluentResource>;

/// The arguments that are always numbers, and choose between singular and plural. All others are told as they are written: what
/// somebody calls a thing may look like a number.
const NUMBERS: [&str; 2] = ["count", "unseen"];

/// The engine's sentences in one language.
pub struct Texts(Bundle);

impl Texts {
    /// The texts of the engine itself.
    pub fn of(language: Language) -> &'static Texts {
        static ALL: OnceLock<[Texts; 3]> = OnceLock::new();
        let [zh_cn, zh_tw, en] = ALL
            .get_or_init(|| Language::ALL.map(|language| Texts::from_sources(language, sources(language))));
        match language {
            Language::ZhCn => zh_cn,
            Language::ZhTw => zh_tw,
            Language::En => en,
        }
    }

    /// Texts from Fluent sources. A source with a syntax error gives what could be read of it; the test over
    /// all keys finds what is missing.
    pub fn from_sources(language: Language, sources: &[&str]) -> Texts {
        let tags: Vec<LanguageIdentifier> = language.tag().parse().into_iter().collect();
        let mut bundle = Bundle::new_concurrent(tags);
        // The isolation marks around arguments would end up in problem details and csv files.
        bundle.set_use_isolating(false);
        for source in sources {
            let resource = FluentResource::try_new(source.to_string()).unwrap_or_else(|(partial, _)| partial);
            bundle.add_resource_overriding(resource);
        }
        Texts(bundle)
    }

    /// What keeps a Fluent source from being read, if anything does: the line, and what its parser says.
    pub fn fault_in(source: &str) -> Option<(usize, String)> {
        let (_, errors) = FluentResource::try_new(source.to_string()).err()?;
        let error = errors.first()?;
        let before = source.bytes().take(error.pos.start);
        Some((1 + before.filter(|byte| *byte == b'\n').count(), error.to_string()))
    }

    /// The sentence for `key`, or `None` if there is none.
    pub fn get(&self, key: &str, args: &BTreeMap<String, String>) -> Option<String> {
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            let number = value.parse::<i64>().ok().filter(|_| NUMBERS.contains(&name.as_str()));
            let value = number.map_or_else(|| FluentValue::from(value.as_str()), FluentValue::from);
            fluent.set(name.as_str(), value);
        }
        self.format(key, &fluent)
    }

    /// As [`Texts::get`], with arguments that may be numbers, which choose between singular and plural.
    pub fn format(&self, key: &str, args: &FluentArgs) -> Option<String> {
        let pattern = self.0.get_message(key)?.value()?;
        let mut errors = Vec::new();
        Some(self.0.format_pattern(pattern, Some(args), &mut errors).into_owned())
    }

    /// The sentence of a fault: the designer's own message if there is one, else the product's.
    pub fn fault(&self, fault: &Fault, language: Language) -> String {
        if let Some(message) = &fault.message {
            return message.get(language).to_string();
        }
        let key = format!("fault-{}", fault.code.replace('_', "-"));
        self.get(&key, &fault.spoken_args(language)).unwrap_or_else(|| fault.code.to_string())
    }
}

/// The Fluent files of a language, one for a topic.
pub(crate) fn sources(language: Language) -> &'static [&'static str] {
    macro_rules! files {
        ($tag:literal) => {
            &[
                include_str!(concat!("../../texts/", $tag, "/faults.ftl")),
                include_str!(concat!("../../texts/", $tag, "/flow.ftl")),
                include_str!(concat!("../../texts/", $tag, "/functions.ftl")),
                include_str!(concat!("../../texts/", $tag, "/print.ftl")),
                include_str!(concat!("../../texts/", $tag, "/scripts.ftl")),
                include_str!(concat!("../../texts/", $tag, "/system.ftl")),
            ]
        };
    }
    match language {
        Language::ZhCn => files!("zh-CN"),
        Language::ZhTw => files!("zh-TW"),
        Language::En => files!("en"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(language: Language) -> BTreeSet<String> {
        sources(language)
            .iter()
            .flat_map(|source| source.lines())
            .filter_map(|line| line.split_once(" ="))
            .filter(|(key, _)| key.starts_with(|c: char| c.is_ascii_alphabetic()))
            .map(|(key, _)| key.to_string())
            .collect()
    }

    #[test]
    fn all_languages_have_the_same_texts() {
        let english = keys(Language::En);
        assert!(english.len() > 20);
        assert_eq!(keys(Language::ZhCn), english);
        assert_eq!(keys(Language::ZhTw), english);
    }

    #[test]
    fn every_source_is_read_without_an_error() {
        for language in Language::ALL {
            for source in sources(language) {
                let errors = FluentResource::try_new(source.to_string()).err().map(|(_, errors)| errors);
                assert!(errors.is_none(), "{language}: {errors:?}");
            }
        }
    }

    #[test]
    fn every_fault_has_a_sentence() {
        let code = regex_lite::Regex::new(r#"Fault::new\([^;]*?,\s*"([a-z_]+)",?\s*\)"#).unwrap();
        let known = keys(Language::En);
        let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut missing = BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                for found in code.captures_iter(&source) {
                    let key = format!("fault-{}", found[1].replace('_', "-"));
                    if !known.contains(&key) {
                        missing.insert(format!("{key} ({})", path.display()));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn a_fault_names_what_it_is_about() {
        let fault = Fault::new("qty", "too_precise").arg("scale", 2);
        assert_eq!(Texts::of(Language::En).fault(&fault, Language::En), "At most 2 decimal places.");
    }
}
