//! The words that people read.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use crate::root;

/// Every line of a language's texts, with its place.
fn lines(language: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in ["engine", "server", "frontend"] {
        let folder: PathBuf = root().join(part).join("texts").join(language);
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).unwrap();
            let numbered = text.lines().zip(1..);
            found
                .extend(numbered.map(|(line, number)| (format!("{part}/{name}:{number}"), line.to_string())));
        }
    }
    assert!(found.len() > 500, "{language}");
    found
}

/// The lines that say one of `words`, once what is right about `but` is taken out.
fn saying(language: &str, words: &[&str], but: &[&str]) -> Vec<String> {
    let says = |(place, line): (String, String)| {
        let rest = but.iter().fold(line.clone(), |rest, right| rest.replace(right, ""));
        words.iter().any(|word| rest.contains(word)).then(|| format!("{place} {line}"))
    };
    lines(language).into_iter().filter_map(says).collect()
}

#[test]
fn readers_are_spoken_to_in_one_way() {
    for language in ["zh-CN", "zh-TW"] {
        assert_eq!(saying(language, &["您"], &[]), Vec::<String>::new());
    }
}

#[test]
fn taiwan_reads_its_own_words() {
    let mainland = [
        "記錄",
        "字段",
        "信息",
        "默認",
        "保存",
        "用戶",
        "數據",
        "郵箱",
        "打印",
        "粘貼",
        "導入",
        "導出",
        "審批",
        "菜單",
        "屏幕",
        "服務器",
        "列表",
        "添加",
        "創建",
        "加載",
        "文檔",
        "批量",
    ];
    let found = saying("zh-TW", &mainland, &["記錄檔"]);
    assert!(found.is_empty(), "{found:#?}");
}

/// One thing has one name, and names are quoted in one way.
#[test]
fn words_and_quotes_are_the_same_everywhere() {
    for language in ["zh-CN", "zh-TW"] {
        let found = saying(language, &["“", "”"], &[]);
        assert!(found.is_empty(), "{language}: {found:#?}");
    }
    // A script, what is done to many at once, and handing in.
    let found = saying("zh-TW", &["腳本", "整批", "提交"], &[]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn nobody_reads_of_the_keys_of_a_program() {
    for (language, word, right) in [("zh-CN", "键", "关键"), ("zh-TW", "鍵", "關鍵")] {
        let keyboard = ["按键", "按鍵", "键盘", "鍵盤", "方向键", "方向鍵", right];
        let found = saying(language, &[word], &keyboard);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn every_text_is_written_once() {
    for language in ["zh-CN", "zh-TW", "en"] {
        let mut seen: BTreeMap<(String, String), String> = BTreeMap::new();
        let mut twice = Vec::new();
        for (place, line) in lines(language) {
            let Some((key, _)) = line.split_once('=') else { continue };
            // Attributes and variants are indented; what follows `#` explains.
            if !key.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            // The server's sentence stands for the engine's where both have one.
            let part = place.split('/').next().unwrap_or_default().to_string();
            if let Some(first) = seen.insert((part, key.trim().to_string()), place.clone()) {
                twice.push(format!("{key}in {first} and {place}"));
            }
        }
        assert!(twice.is_empty(), "{language}: {twice:#?}");
    }
}
