//! People: a round mark with the first letter of the name.

use leptos::prelude::*;

/// 20, 24, 32, 40 px.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    Small,
    #[default]
    Normal,
    Large,
    Huge,
}

/// The mark of a person; the same name has the same colour everywhere.
#[component]
pub fn Avatar(#[prop(into)] name: Signal<String>, #[prop(optional)] size: AvatarSize) -> impl IntoView {
    let size = match size {
        AvatarSize::Small => "s",
        AvatarSize::Normal => "",
        AvatarSize::Large => "l",
        AvatarSize::Huge => "xl",
    };
    view! {
        <span
            class=move || name.with(|name| super::button::classes(&["avatar", colour(name), size]))
            // Drawn, and no part of what stands beside it: that says the whole name.
            data-initial=move || name.with(|name| initial(name))
            aria-hidden="true"
        ></span>
    }
}

/// A person by mark and name.
#[component]
pub fn Person(
    #[prop(into)] name: Signal<String>,
    #[prop(default = AvatarSize::Small)] size: AvatarSize,
) -> impl IntoView {
    view! { <span class="person"><Avatar name=name size=size/>{name}</span> }
}

/// A person who may come to have something to do, by a mark that is not filled yet, and name.
#[component]
pub fn ExpectedPerson(#[prop(into)] name: String) -> impl IntoView {
    let first = initial(&name);
    view! { <span class="person"><span class="avatar ghost s" data-initial=first aria-hidden="true"></span>{name}</span> }
}

fn initial(name: &str) -> String {
    name.trim().chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default()
}

fn colour(name: &str) -> &'static str {
    const COLOURS: [&str; 8] = ["", "c2", "c3", "c4", "c6", "c7", "c11", "c12"];
    super::colour::colour_of(name, &COLOURS).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_the_first_letter() {
        assert_eq!(initial("林若溪"), "林");
        assert_eq!(initial(" ada"), "A");
        assert_eq!(initial(""), "");
    }
}
