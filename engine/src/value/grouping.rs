//! Digits in groups, as people read large numbers.

/// Puts a comma between groups of three digits: `"1542077.30"` becomes `"1,542,077.30"`. What is not a plain
/// decimal comes back as it is.
pub fn group_digits(decimal: &str) -> String {
    let (sign, rest) = match decimal.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", decimal),
    };
    let (whole, fraction) = match rest.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (rest, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) {
        return decimal.to_string();
    }
    let mut grouped = String::with_capacity(decimal.len() + whole.len() / 3 + 1);
    grouped.push_str(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// Takes zeros from the end of a decimal down to `least` places: `"96.000000"` with 2 becomes `"96.00"`. What is not a
/// plain decimal comes back as it is.
pub fn trimmed(decimal: &str, least: usize) -> String {
    let Some((whole, fraction)) = decimal.split_once('.') else { return decimal.to_string() };
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return decimal.to_string();
    }
    let kept = fraction.trim_end_matches('0').len().max(least.min(fraction.len()));
    match kept {
        0 => whole.to_string(),
        _ => format!("{whole}.{}", fraction.get(..kept).unwrap_or(fraction)),
    }
}

#[cfg(test)]
mod tests {
    use super::group_digits;

    #[test]
    fn thousands_are_set_apart_and_what_is_no_number_stays() {
        for (given, wanted) in
            [("1542077.30", "1,542,077.30"), ("-1000", "-1,000"), ("999", "999"), ("12a", "12a"), ("", "")]
        {
            assert_eq!(group_digits(given), wanted);
        }
    }
}
