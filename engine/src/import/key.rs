//! Keys made from what people call a thing.

use crate::value::fold;

/// Longest key.
const MOST: usize = 63;

/// A key that reads like `name`: `Order ID` becomes `order_id`. `None` where nothing is left of it, as of a name in
/// Chinese.
pub fn key_of(name: &str) -> Option<String> {
    let mut key = String::new();
    for c in fold(name).chars() {
        if c.is_ascii_alphanumeric() {
            key.push(c);
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    let key = key.trim_end_matches('_');
    match key.chars().next() {
        None => None,
        Some(first) if first.is_ascii_digit() => Some(cut(&format!("n{key}"), MOST)),
        Some(_) => Some(cut(key, MOST)),
    }
}

/// `wanted`, or the first of `wanted_2`, `wanted_3` … that nothing has yet.
pub fn free_key(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if !is_taken(wanted) {
        return wanted.to_string();
    }
    (2u32..)
        .map(|number| {
            let tail = format!("_{number}");
            format!("{}{tail}", cut(wanted, MOST - tail.len()))
        })
        .find(|key| !is_taken(key))
        .unwrap_or_else(|| wanted.to_string())
}

fn cut(key: &str, most: usize) -> String {
    key.chars().take(most).collect::<String>().trim_end_matches('_').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::is_key;

    #[test]
    fn keys_read_like_their_names() {
        for (name, key) in [
            ("Order ID", Some("order_id")),
            ("Sub-Category", Some("sub_category")),
            (" Amount (CNY) ", Some("amount_cny")),
            ("２０２４ Sales", Some("n2024_sales")),
            ("金额", None),
            ("金额 A", Some("a")),
            ("", None),
            ("___", None),
        ] {
            assert_eq!(key_of(name).as_deref(), key, "{name}");
        }
        assert!(is_key(&key_of(&"long ".repeat(40)).unwrap()));
    }

    #[test]
    fn a_taken_key_gets_a_number() {
        let taken = ["a", "a_2"];
        assert_eq!(free_key("a", |key| taken.contains(&key)), "a_3");
        assert_eq!(free_key("b", |key| taken.contains(&key)), "b");
        let long = "k".repeat(63);
        let free = free_key(&long, |key| key == long);
        assert!(is_key(&free) && free.ends_with("_2"), "{free}");
    }
}
