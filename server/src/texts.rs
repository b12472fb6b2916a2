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
                include_str!(concat!("../texts/", $tag, "/operator.ftl")),
                include_str!(concat!("../texts/", $tag, "/problems.ftl")),
                include_str!(concat!("../texts/", $tag, "/reports.ftl")),
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
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    /// What makes a fault or a problem of a code, with the beginnings of the keys of which one has its sentence.
    const MAKERS: [(&str, &[&str]); 8] = [
        ("Fault::new(", &["fault-"]),
        ("Refusal::fault(", &["fault-"]),
        ("Refusal::new(", &["problem-", "refusal-"]),
        ("Refusal::conflict(", &["problem-", "refusal-"]),
        ("Refusal::forbidden(", &["problem-", "refusal-"]),
        ("Problem::new(", &["problem-"]),
        (".none_or(", &["problem-"]),
        (".refuse(", &["problem-"]),
    ];

    /// Faults that come with words of their own: the designer's of a limit, the package's of a script.
    const OWN_WORDS: [&str; 2] = ["constraint", "refused_by_script"];

    fn sources_below(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources_below(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }

    /// The codes that are written out as the last argument of a call of `maker`.
    fn codes<'s>(source: &'s str, maker: &str) -> Vec<&'s str> {
        let arguments = |rest: &'s str| {
            let mut open = 1;
            let end = rest.find(|c: char| {
                open += i32::from(c == '(') - i32::from(c == ')');
                open == 0
            });
            &rest[..end.unwrap_or_default()]
        };
        let last = |rest: &'s str| {
            let all = arguments(rest).trim().trim_end_matches(',').trim_end();
            let code = all.strip_suffix('"')?.rsplit_once('"')?.1;
            let is_code = !code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            is_code.then_some(code)
        };
        source.split(maker).skip(1).filter_map(last).collect()
    }

    #[test]
    fn codes_are_found_in_the_calls_that_make_them() {
        let source = r#"Fault::new(path("a"), "twice"); Fault::new(path, code); Fault::new(
            format!("fields.{key}"),
            "required",
        )"#;
        assert_eq!(codes(source, "Fault::new("), ["twice", "required"]);
    }

    #[test]
    fn every_code_of_the_server_has_a_sentence() {
        let mut files = Vec::new();
        sources_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        let has = |key: &str| {
            let none = BTreeMap::new();
            texts(Language::En).get(key, &none).is_some() || Texts::of(Language::En).get(key, &none).is_some()
        };
        let (mut seen, mut missing) = (BTreeSet::new(), BTreeSet::new());
        for file in files {
            let source = fs::read_to_string(&file).unwrap();
            for (maker, beginnings) in MAKERS {
                for code in codes(&source, maker) {
                    seen.insert(code.to_string());
                    let key = code.replace('_', "-");
                    let is_told = beginnings.iter().any(|beginning| has(&format!("{beginning}{key}")));
                    if !is_told && !OWN_WORDS.contains(&code) {
                        missing.insert(format!("{code} ({})", file.display()));
                    }
                }
            }
        }
        assert!(seen.len() > 200, "{}", seen.len());
        assert!(missing.is_empty(), "{missing:#?}");
    }

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
