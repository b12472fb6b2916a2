//! Files of a package that can't be read, as faults: what is wrong and where in the reader's words, and in `detail` what the
//! parser said, for who writes packages.

use serde_json::error::Category;

use crate::text::Fault;

/// A file that is no text.
pub fn no_text(path: &str) -> Fault {
    of(path, "encoding")
}

/// A file that is not as it should be from a line on; `why` is `csv` or `texts`.
pub fn at_line(path: &str, why: &str, line: usize, words: &str) -> Fault {
    of(path, why).arg("place", "line").arg("line", line).arg("detail", words)
}

/// JSON that is none, or that is another document.
pub fn json(path: &str, error: &serde_json::Error) -> Fault {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    let member = || words.split('`').nth(1).unwrap_or_default().to_string();
    let fault = match error.classify() {
        Category::Io | Category::Syntax | Category::Eof => of(path, "json"),
        Category::Data if words.starts_with("unknown field") => of(path, "unknown").arg("member", member()),
        Category::Data if words.starts_with("missing field") => of(path, "missing").arg("member", member()),
        Category::Data => of(path, "other"),
    };
    let fault = fault.arg("detail", words);
    match error.line() {
        0 => fault,
        line => fault.arg("place", "column").arg("line", line).arg("column", error.column()),
    }
}

fn of(path: &str, why: &str) -> Fault {
    Fault::new(path, "invalid_document").arg("why", why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Language, Texts};

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        #[allow(dead_code)]
        size: u8,
    }

    fn told(text: &str, language: Language) -> String {
        let error = serde_json::from_str::<Thing>(text).unwrap_err();
        Texts::of(language).fault(&json("a.json", &error), language)
    }

    #[test]
    fn what_is_wrong_is_told_in_words_of_the_reader() {
        for (text, sentence) in [
            ("{\n  \"size\"", "The file can't be read: it is no JSON (line 2, column 8)."),
            ("{\"sise\": 1}", "The file can't be read: it has no member “sise” there (line 1, column 7)."),
            ("{}", "The file can't be read: the member “size” is missing (line 1, column 2)."),
            (
                "{\"size\": \"a\"}",
                "The file can't be read: something else belongs there (line 1, column 12).",
            ),
        ] {
            assert_eq!(told(text, Language::En), sentence);
        }
        assert_eq!(told("{", Language::ZhCn), "文件无法读取：不是正确的 JSON（第 1 行第 1 列）。");
        assert_eq!(told("{", Language::ZhTw), "檔案無法讀取：不是正確的 JSON（第 1 行第 1 欄）。");
        let line = at_line("texts/en.ftl", "texts", 3, "expected a token");
        assert_eq!(
            Texts::of(Language::En).fault(&line, Language::En),
            "The file can't be read: its texts are not written as they should be (line 3)."
        );
        let bytes = no_text("a.json");
        assert_eq!(
            Texts::of(Language::ZhCn).fault(&bytes, Language::ZhCn),
            "文件无法读取：不是 UTF-8 文本。"
        );
    }
}
