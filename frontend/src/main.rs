//! The browser part of Formwork.

use leptos::prelude::*;

fn main() {
    mount_to_body(|| view! { <main>"Formwork"</main> });
}
