//! What templates are for: the list beside them, with how many there are of each.

use engine::package::Category;
use leptos::prelude::*;

use crate::api::templates::Template;
use crate::ui::Icon;
use crate::{i18n, t};

/// The icon of a category.
fn icon_of(category: Category) -> &'static str {
    match category {
        Category::Sales => "members",
        Category::Stock => "box",
        Category::Service => "inbox",
        Category::Finance => "money",
        Category::People => "dept",
        Category::Shops => "location",
        Category::Other => "folder",
    }
}

/// What it is called.
fn name_of(category: Category) -> String {
    i18n::lookup(&format!("template-category-{}", category.name()), &[])
}

/// The categories that have templates; pressing one shows those alone.
#[component]
pub(super) fn Categories(all: Vec<Template>, chosen: RwSignal<Option<Category>>) -> impl IntoView {
    let line = move |category: Option<Category>, count: usize| {
        let name = move || category.map_or_else(|| t!("template-category-all")(), name_of);
        view! {
            <li>
                <button
                    type="button"
                    class="tree-item"
                    aria-current=move || (chosen.get() == category).then_some("true")
                    on:click=move |_| chosen.set(category)
                >
                    <Icon name=category.map_or("apps", icon_of)/>
                    <span>{name}</span>
                    <span class="end note muted num">{i18n::whole(count as u64)}</span>
                </button>
            </li>
        }
    };
    let of = |category: Category| all.iter().filter(|template| template.category == category).count();
    let counted = Category::ALL.into_iter().map(|category| (category, of(category)));
    let there: Vec<_> = counted.filter(|(_, count)| *count > 0).collect();
    view! {
        <ul class="tree" aria-label=t!("template-categories")>
            {line(None, all.len())}
            {there.into_iter().map(|(category, count)| line(Some(category), count)).collect_view()}
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_a_name_and_an_icon() {
        for category in Category::ALL {
            assert!(!name_of(category).starts_with("template-category"), "{category:?}");
            assert!(crate::ui::ICON_NAMES.contains(&icon_of(category)), "{category:?}");
        }
    }
}
