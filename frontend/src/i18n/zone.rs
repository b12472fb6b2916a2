//! In which zone moments are shown and entered: the reader's own.
//!
//! What depends on a day of the calendar (`TODAY()`, relative dates, groups) follows the workspace's zone instead, through
//! the engine's context.

use std::cell::RefCell;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::browser;

thread_local! {
    /// What the reader chose. The browser has one thread; tests that run beside each other need their own.
    static CHOSEN: RefCell<Option<TimeZone>> = const { RefCell::new(None) };
}

/// Takes the zone of whoever signed in, by its IANA name. Without one, and with one that is not known here, this
/// computer's counts.
pub fn read_moments_in(zone: Option<&str>) {
    CHOSEN.set(zone.and_then(|name| TimeZone::get(name).ok()));
}

/// The reader's zone.
pub fn zone() -> TimeZone {
    CHOSEN.with_borrow(Option::clone).unwrap_or_else(browser::zone)
}

/// Today in the reader's zone.
pub fn today() -> Date {
    super::now().to_zoned_datetime(zone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n;

    #[test]
    fn moments_follow_the_zone_of_their_reader() {
        let moment = "2026-11-18T20:30:00Z".parse().unwrap();
        assert_eq!(i18n::date_time(moment), "2026-11-18 20:30", "this computer's");
        read_moments_in(Some("Asia/Shanghai"));
        assert_eq!(
            (i18n::date_time(moment), i18n::time(moment)),
            ("2026-11-19 04:30".into(), "04:30".into())
        );
        read_moments_in(Some("America/New_York"));
        assert_eq!(i18n::date_time(moment), "2026-11-18 15:30");
        // The clock of the tests stands at the epoch.
        assert_eq!(today().to_string(), "1969-12-31");
        read_moments_in(Some("Nowhere/Atall"));
        assert_eq!(i18n::date_time(moment), "2026-11-18 20:30");
    }
}
