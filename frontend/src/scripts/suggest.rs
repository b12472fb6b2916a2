//! What a name may become that is begun in a script.

use engine::script::OFFERED;

/// Suggestions at most.
const MOST: usize = 8;

/// One suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub label: String,
    /// What is written in the place of the name.
    pub insert: String,
    /// The Fluent key of what it does, for a function.
    pub help: Option<String>,
}

/// The name that is begun before the cursor, how many characters it has, and what it may become. Behind `record.` and `old.`
/// these are the fields.
pub fn suggestions(source: &str, cursor: usize, fields: &[String]) -> (usize, Vec<Suggestion>) {
    let before: Vec<char> = source.chars().take(cursor).collect();
    let length = before.iter().rev().take_while(|letter| is_of_name(**letter)).count();
    let word: String = before.iter().skip(before.len() - length).collect();
    let rest: String = before.iter().take(before.len() - length).collect();
    let plain = |label: &String| Suggestion { label: label.clone(), insert: label.clone(), help: None };
    let found: Vec<Suggestion> = if rest.ends_with("record.") || rest.ends_with("old.") {
        let fields = fields.iter().filter(|field| field.starts_with(&word) && **field != word);
        fields.map(plain).collect()
    } else if word.is_empty() || rest.ends_with('.') || is_in_text(&rest) {
        Vec::new()
    } else {
        let begun = OFFERED.iter().filter(|offered| offered.name.starts_with(&word));
        let suggestion = |offered: &engine::script::Offered| Suggestion {
            label: offered.call.to_string(),
            insert: offered.begun(),
            help: Some(offered.text_key()),
        };
        begun.filter(|offered| offered.name != word).map(suggestion).collect()
    };
    (length, found.into_iter().take(MOST).collect())
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Whether the end of the last line lies within a text or a remark.
fn is_in_text(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.matches('"').count() % 2 == 1 || line.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_and_fields_behind_the_record() {
        let fields = ["qty".to_string(), "quality".to_string()];
        let names = |source: &str| -> Vec<String> {
            let (_, found) = suggestions(source, source.chars().count(), &fields);
            found.into_iter().map(|found| found.insert).collect()
        };
        assert_eq!(names("let a = agg"), ["aggregate("]);
        assert_eq!(names("to"), ["today()"]);
        assert_eq!(names("rec"), ["record"]);
        assert_eq!(names("record.q"), ["qty", "quality"]);
        assert_eq!(names("old."), ["qty", "quality"]);
        assert_eq!(names("x.fi"), Vec::<String>::new());
        assert_eq!(names("let a = \"fi"), Vec::<String>::new());
        assert_eq!(names("// fi"), Vec::<String>::new());
        assert_eq!(names(""), Vec::<String>::new());
        assert_eq!(suggestions("记录 re", 5, &fields).0, 2);
    }
}
