//! What was chosen on top of a page, kept in its address.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::api::segment;

/// The choices in the address, by name.
#[derive(Clone, Copy)]
pub struct Address {
    pub all: Memo<Vec<(String, String)>>,
    set: Callback<(String, Option<String>)>,
}

impl Address {
    pub fn here() -> Address {
        let query = use_query_map();
        let navigate = StoredValue::new(use_navigate());
        let all = Memo::new(move |_| {
            query.with(|query| {
                let pairs = query.clone().into_iter();
                pairs.map(|(name, value)| (name.to_string(), value)).collect::<Vec<_>>()
            })
        });
        let set = Callback::new(move |(name, value): (String, Option<String>)| {
            let mut pairs = all.get_untracked();
            pairs.retain(|(known, _)| *known != name);
            pairs.extend(value.map(|value| (name, value)));
            let parts = pairs.iter().map(|(name, value)| format!("{}={}", segment(name), segment(value)));
            let to = format!("?{}", parts.collect::<Vec<_>>().join("&"));
            let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
            navigate.with_value(|navigate| navigate(&to, options));
        });
        Address { all, set }
    }

    /// The choice of this name; tracked.
    pub fn get(self, name: &str) -> Option<String> {
        self.all.with(|all| all.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    }

    pub fn set(self, name: &str, value: Option<String>) {
        self.set.run((name.to_string(), value));
    }
}
