//! Languages, and texts that people wrote in one or several of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// The languages of the product.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub enum Language {
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    #[serde(rename = "zh-TW")]
    ZhTw,
    #[serde(rename = "en")]
    En,
}

impl Language {
    pub const ALL: [Language; 3] = [Language::ZhCn, Language::ZhTw, Language::En];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::ZhCn => "zh-CN",
            Language::ZhTw => "zh-TW",
            Language::En => "en",
        }
    }

    /// The language that best serves a BCP 47 tag: `zh-Hant`, `zh-HK` and `zh-MO` read zh-TW, other
    /// Chinese zh-CN, everything else English. `None` for a text that is no tag at all.
    pub fn from_tag(tag: &str) -> Option<Language> {
        let tag = tag.trim().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        let primary =
            parts.next().filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic()))?;
        if primary != "zh" {
            return Some(Language::En);
        }
        let traditional = parts.any(|part| matches!(part, "tw" | "hk" | "mo" | "hant"));
        Some(if traditional { Language::ZhTw } else { Language::ZhCn })
    }

    /// Which language to try when a text is missing in this one, best first.
    fn fallbacks(self) -> [Language; 3] {
        match self {
            Language::ZhCn => [Language::ZhCn, Language::ZhTw, Language::En],
            Language::ZhTw => [Language::ZhTw, Language::ZhCn, Language::En],
            Language::En => [Language::En, Language::ZhCn, Language::ZhTw],
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// A text that a person wrote: the same for everybody, or by language.
#[derive(Clone, Debug, PartialEq, Eq, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum Label {
    Plain(String),
    Translated(BTreeMap<Language, String>),
}

impl Label {
    /// The text for a reader of `language`; another language's where that one is missing.
    pub fn get(&self, language: Language) -> &str {
        match self {
            Label::Plain(text) => text,
            Label::Translated(texts) => language
                .fallbacks()
                .iter()
                .find_map(|language| texts.get(language))
                .map_or("", String::as_str),
        }
    }

    /// A text that is made for each language.
    pub fn each(text: impl Fn(Language) -> String) -> Label {
        Label::Translated(Language::ALL.into_iter().map(|language| (language, text(language))).collect())
    }

    /// Every text in it.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Label::Plain(text) => vec![text],
            Label::Translated(texts) => texts.values().map(String::as_str).collect(),
        }
    }

    /// Whether nobody could read anything.
    pub fn is_blank(&self) -> bool {
        self.texts().iter().all(|text| text.trim().is_empty())
    }
}

impl From<&str> for Label {
    fn from(text: &str) -> Label {
        Label::Plain(text.to_string())
    }
}

impl Default for Label {
    fn default() -> Label {
        Label::Plain(String::new())
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Label::Plain(text) => serializer.serialize_str(text),
            Label::Translated(texts) => serializer.collect_map(texts),
        }
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Label, D::Error> {
        struct LabelVisitor;

        impl<'de> Visitor<'de> for LabelVisitor {
            type Value = Label;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or texts by language (zh-CN, zh-TW, en)")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Label, E> {
                Ok(Label::Plain(text.to_string()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Label, A::Error> {
                let mut texts = BTreeMap::new();
                while let Some((language, text)) = map.next_entry::<Language, Cow<'de, str>>()? {
                    texts.insert(language, text.into_owned());
                }
                if texts.is_empty() {
                    return Err(de::Error::custom("a label needs a text in at least one language"));
                }
                Ok(Label::Translated(texts))
            }
        }

        deserializer.deserialize_any(LabelVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_falls_back_to_the_nearest() {
        let label: Label = serde_json::from_str(r#"{"zh-CN": "金额", "en": "Amount"}"#).unwrap();
        assert_eq!(label.get(Language::ZhTw), "金额");
        assert_eq!(label.get(Language::En), "Amount");
        assert_eq!(serde_json::to_string(&label).unwrap(), r#"{"zh-CN":"金额","en":"Amount"}"#);
        assert!(serde_json::from_str::<Label>(r#"{"fr": "x"}"#).is_err());
        assert!(serde_json::from_str::<Label>("{}").is_err());
    }

    #[test]
    fn tags_find_their_language() {
        assert_eq!(Language::from_tag("zh-Hant-HK"), Some(Language::ZhTw));
        assert_eq!(Language::from_tag("zh"), Some(Language::ZhCn));
        assert_eq!(Language::from_tag("de-DE"), Some(Language::En));
        assert_eq!(Language::from_tag("*"), None);
    }
}
