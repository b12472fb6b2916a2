//! Times and numbers of figures as people say them.

use crate::{i18n, text};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A time in its two largest units: `2 天 4 小时`.
pub fn lasting(seconds: i64) -> String {
    let unit = |key: &str, count: i64| i18n::lookup(key, &[("count", count.into())]);
    let two = |large: String, small: Option<String>| match small {
        Some(small) => format!("{large} {small}"),
        None => large,
    };
    match seconds.max(0) {
        seconds @ ..MINUTE => unit("lasting-seconds", seconds),
        seconds @ MINUTE..HOUR => unit("lasting-minutes", seconds / MINUTE),
        seconds @ HOUR..DAY => {
            let minutes = seconds % HOUR / MINUTE;
            let minutes = (minutes > 0).then(|| unit("lasting-minutes", minutes));
            two(unit("lasting-hours", seconds / HOUR), minutes)
        }
        seconds => {
            let hours = seconds % DAY / HOUR;
            let hours = (hours > 0).then(|| unit("lasting-hours", hours));
            two(unit("lasting-days", seconds / DAY), hours)
        }
    }
}

/// A time, or a dash where nothing was done.
pub fn time(seconds: Option<i64>) -> String {
    seconds.map_or_else(|| "—".to_string(), lasting)
}

pub fn count(number: i64) -> String {
    i18n::group_digits(&number.to_string())
}

/// How much longer or shorter something takes than before; nothing where there is nothing to compare.
pub fn change(now: Option<i64>, before: Option<i64>) -> Option<String> {
    let (now, before) = now.zip(before)?;
    Some(match now - before {
        0 => text!("flow-figures-same"),
        more @ 1.. => text!("flow-figures-slower", time = lasting(more)),
        less => text!("flow-figures-faster", time = lasting(-less)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;

    #[test]
    fn a_time_is_told_in_its_two_largest_units() {
        i18n::set_language(Language::ZhCn);
        for (seconds, told) in [
            (0, "0 秒"),
            (59, "59 秒"),
            (60, "1 分钟"),
            (3_599, "59 分钟"),
            (3_600, "1 小时"),
            (5_460, "1 小时 31 分钟"),
            (86_400, "1 天"),
            (187_200, "2 天 4 小时"),
        ] {
            assert_eq!(lasting(seconds), told);
        }
        assert_eq!(time(None), "—");
    }

    #[test]
    fn what_became_slower_or_faster_is_told_by_how_much() {
        i18n::set_language(Language::En);
        assert_eq!(change(Some(7_200), Some(3_600)).unwrap(), "1 hour longer");
        assert_eq!(change(Some(60), Some(180)).unwrap(), "2 minutes shorter");
        assert_eq!(change(Some(60), Some(60)).unwrap(), "no change");
        assert_eq!(change(None, Some(60)), None);
    }
}
