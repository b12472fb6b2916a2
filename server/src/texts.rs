//! The server's own sentences: problems, and what mails and notices say. Those of faults are the engine's.

use std::sync::OnceLock;

use engine::text::{Language, Texts};

/// The server's texts in `language`.
pub fn texts(language: Language) -> &'static Texts {
    static ALL: OnceLock<[Texts; 3]> = OnceLock::new();
    let [zh_cn, zh_tw, en] =
        ALL.get_or_init(|| Language::ALL.map(|language| Texts::from_sources(language, sources(language))));
    match language {
        Language::ZhCn => zh_cn,
        Language::ZhTw => zh_tw,
        Language::En => en,
    }
}

/// The language a reader asks for with `Accept-Language`; the product's first language without one.
pub fn accepted(header: Option<&str>) -> Language {
    let mut best: Option<(Language, f32)> = None;
    for part in header.unwrap_or_default().split(',') {
        let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
        let weight = rest.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(1.0);
        let Some(language) = Language::from_tag(tag) else { continue };
        if weight > 0.0 && best.is_none_or(|(_, heaviest)| weight > heaviest) {
            best = Some((language, weight));
        }
    }
    best.map_or_else(Language::default, |(language, _)| language)
}

fn sources(language: Language) -> &'static [&'static str] {
    macro_rules! files {
        ($tag:literal) => {
            &[
                include_str!(concat!("../texts/", $tag, "/audit.ftl")),
                include_str!(concat!("../texts/", $tag, "/docs.ftl")),
                include_str!(concat!("../texts/", $tag, "/doctor.ftl")),
                include_str!(concat!("../texts/", $tag, "/flows.ftl")),
                include_str!(concat!("../texts/", $tag, "/imports.ftl")),
                include_str!(concat!("../texts/", $tag, "/mail.ftl")),
                include_str!(concat!("../texts/", $tag, "/problems.ftl")),
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

    #[test]
    fn the_reader_s_language_is_found() {
        assert_eq!(accepted(Some("en-GB,en;q=0.9,zh-TW;q=0.8")), Language::En);
        assert_eq!(accepted(Some("zh-TW;q=0.8, en;q=0.4")), Language::ZhTw);
        assert_eq!(accepted(Some("en;q=0, zh-Hant")), Language::ZhTw);
        assert_eq!(accepted(Some("*")), Language::ZhCn);
        assert_eq!(accepted(None), Language::ZhCn);
    }

    #[test]
    fn all_languages_have_the_same_texts() {
        let keys = |language| -> BTreeSet<&str> {
            sources(language)
                .iter()
                .flat_map(|source| source.lines())
                .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
                .collect()
        };
        assert!(keys(Language::En).len() > 20);
        assert_eq!(keys(Language::ZhCn), keys(Language::En));
        assert_eq!(keys(Language::ZhTw), keys(Language::En));
    }
}
