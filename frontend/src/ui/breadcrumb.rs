//! Where one is.

use leptos::prelude::*;

use super::Icon;
use crate::t;

/// One place on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    /// Where it leads; none for the place one is at.
    pub href: Option<String>,
}

impl Crumb {
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Crumb {
        Crumb { label: label.into(), href: Some(href.into()) }
    }

    pub fn here(label: impl Into<String>) -> Crumb {
        Crumb { label: label.into(), href: None }
    }
}

/// The places whose names are known, from the first on: none is pushed on by the name of one before it that comes later.
fn known(crumbs: Vec<Crumb>) -> impl Iterator<Item = Crumb> {
    crumbs.into_iter().take_while(|crumb| !crumb.label.is_empty())
}

/// The way to this place.
#[component]
pub fn Breadcrumb(#[prop(into)] crumbs: Signal<Vec<Crumb>>) -> impl IntoView {
    let crumb = |(at, crumb): (usize, Crumb)| {
        let place = match crumb.href {
            Some(href) => view! { <a href=href>{crumb.label}</a> }.into_any(),
            None => {
                let title = crumb.label.clone();
                view! { <h1 class="here" aria-current="page" title=title>{crumb.label}</h1> }.into_any()
            }
        };
        view! { {(at > 0).then(|| view! { <Icon name="right"/> })}{place} }
    };
    // On a phone only the place itself has room, and a way back to the one before it.
    let back = move || {
        let before = crumbs.with(|crumbs| crumbs.iter().rev().find_map(|crumb| crumb.href.clone()));
        before.map(|href| {
            view! {
                <a class="btn ghost icon-only back" href=href aria-label=t!("ui-back") data-tip=t!("ui-back")>
                    <Icon name="left"/>
                </a>
            }
        })
    };
    view! {
        <nav class="breadcrumb" aria-label=t!("ui-breadcrumb")>
            {back}
            {move || known(crumbs.get()).enumerate().map(crumb).collect_view()}
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_once_all_before_it_are() {
        let named = |app: &str, here: &str| -> Vec<String> {
            known(vec![Crumb::link(app, "/apps/x"), Crumb::here(here)]).map(|crumb| crumb.label).collect()
        };
        assert_eq!(named("CRM", "Sales"), ["CRM", "Sales"]);
        assert_eq!(named("CRM", ""), ["CRM"]);
        assert!(named("", "Sales").is_empty());
    }
}
