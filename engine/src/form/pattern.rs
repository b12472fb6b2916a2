//! Patterns of titles: texts with names of fields in braces.

/// A pattern such as `{no} {customer.name}` with a text in place of each name in braces.
pub fn fill_pattern(pattern: &str, text_of: &dyn Fn(&str) -> String) -> String {
    fill_text(pattern, text_of).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The pattern with its names replaced, and with its spaces and lines as they are.
pub fn fill_text(pattern: &str, text_of: &dyn Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((path, tail)) = after.split_once('}') else { break };
        text.push_str(&text_of(path.trim()));
        rest = tail;
    }
    text.push_str(rest);
    text
}

/// The names in the braces of a pattern.
pub fn pattern_paths(pattern: &str) -> Vec<String> {
    pattern
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(path, _)| path.trim().to_string())
        .collect()
}

/// The formula that stands in braces in place of a name: `{= qty * price}`. Texts that are printed have some.
pub fn pattern_formula(name: &str) -> Option<&str> {
    name.strip_prefix('=').map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::{fill_pattern, fill_text, pattern_formula, pattern_paths};

    #[test]
    fn a_pattern_is_filled_name_by_name() {
        let pattern = "{no}  {customer.name} ({ gone })";
        assert_eq!(pattern_paths(pattern), ["no", "customer.name", "gone"]);
        let text = |path: &str| if path == "gone" { String::new() } else { path.to_uppercase() };
        assert_eq!(fill_pattern(pattern, &text), "NO CUSTOMER.NAME ()");
        assert_eq!(fill_pattern("plain", &text), "plain");
        assert_eq!(fill_text("a  {no}\nb", &text), "a  NO\nb");
        assert_eq!(pattern_formula("= qty * 2"), Some("qty * 2"));
        assert_eq!(pattern_formula("qty"), None);
    }
}
