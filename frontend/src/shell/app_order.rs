//! The order in which the reader sees the apps: arranged on the home page, kept with their account, the same wherever apps
//! are listed.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::App;

use super::ShellContext;
use crate::api::places;
use crate::ui::toast;

/// What the reader has arranged on this page; the apps came in the order that was kept before.
#[derive(Clone, Copy)]
pub struct AppOrder {
    now: RwSignal<Option<Vec<Id>>>,
    is_sending: StoredValue<bool>,
}

impl AppOrder {
    pub(super) fn new() -> AppOrder {
        AppOrder { now: RwSignal::new(None), is_sending: StoredValue::new(false) }
    }
}

impl ShellContext {
    /// The apps as the reader has arranged them; none until they are known. Tracked.
    pub fn arranged_apps(self) -> Vec<App> {
        let mut apps = self.apps.get().and_then(Result::ok).unwrap_or_default();
        self.app_order.now.with(|now| {
            if let Some(order) = now {
                apps.sort_by_key(|app| place(order, app.id));
            }
        });
        apps
    }

    /// Arranges them anew: at once here, and wherever the reader signs in as soon as the server has it.
    pub fn arrange_apps(self, order: Vec<Id>) {
        let AppOrder { now, is_sending } = self.app_order;
        now.set(Some(order));
        // What is under way goes on with what was arranged last.
        if is_sending.get_value() {
            return;
        }
        is_sending.set_value(true);
        spawn_local(async move {
            self.send_order().await;
            let _ = is_sending.try_set_value(false);
        });
    }

    async fn send_order(self) {
        let mut kept = None;
        while let Some(Some(wanted)) = self.app_order.now.try_get_untracked() {
            if kept.as_ref() == Some(&wanted) {
                return;
            }
            if let Err(problem) = places::arrange_apps(&wanted).await {
                toast::refused(&problem);
                let _ = self.app_order.now.try_set(None);
                return self.apps.refetch();
            }
            kept = Some(wanted);
        }
    }
}

/// What is not arranged stands at the end.
fn place(order: &[Id], app: Id) -> usize {
    order.iter().position(|id| *id == app).unwrap_or(order.len())
}

/// The apps with one of them before another one, or after it; nothing where that changes nothing.
pub fn put(order: &[Id], moved: Id, beside: Id, after: bool) -> Option<Vec<Id>> {
    let mut rest: Vec<Id> = order.iter().copied().filter(|app| *app != moved).collect();
    let at = rest.iter().position(|app| *app == beside)? + usize::from(after);
    rest.insert(at, moved);
    (rest != order && order.contains(&moved)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[i64]) -> Vec<Id> {
        numbers.iter().map(|number| Id::from_i64(*number).unwrap()).collect()
    }

    #[test]
    fn an_app_lands_before_another_one_or_after_it() {
        let order = ids(&[1, 2, 3, 4]);
        let put = |moved: i64, beside: i64, after: bool| {
            put(&order, Id::from_i64(moved).unwrap(), Id::from_i64(beside).unwrap(), after)
        };
        assert_eq!(put(4, 1, false), Some(ids(&[4, 1, 2, 3])));
        assert_eq!(put(1, 3, true), Some(ids(&[2, 3, 1, 4])));
        assert_eq!(put(2, 1, true), None, "it stays where it is");
        assert_eq!(put(2, 2, true), None, "beside itself");
        assert_eq!(put(9, 1, false), None, "it is not there");
    }

    #[test]
    fn what_nobody_has_arranged_stands_at_the_end() {
        let order = ids(&[3, 1]);
        let mut apps = ids(&[1, 2, 3, 4]);
        apps.sort_by_key(|app| place(&order, *app));
        assert_eq!(apps, ids(&[3, 1, 2, 4]));
    }
}
