//! Parts of a page that come one after the other and are shown at once: none of them pushes away another that is read already.

use leptos::context::Provider;
use leptos::prelude::*;

use super::Skeleton;

/// What is still on its way of a page that is shown as a whole.
#[derive(Clone, Copy)]
struct Gathering {
    awaited: StoredValue<u32>,
    is_shown: RwSignal<bool>,
}

impl Gathering {
    fn new() -> Gathering {
        Gathering { awaited: StoredValue::new(0), is_shown: RwSignal::new(false) }
    }

    fn awaits_one_more(self) {
        let _ = self.awaited.try_update_value(|awaited| *awaited += 1);
    }

    fn one_has_come(self) {
        let _ = self.awaited.try_update_value(|awaited| *awaited = awaited.saturating_sub(1));
        self.look_when_drawn();
    }

    /// Shows the page where nothing is on its way any more. What has just come may have parts of its own: they are known once
    /// it is drawn.
    fn look_when_drawn(self) {
        if self.awaited.try_get_value() == Some(0) {
            request_animation_frame(move || {
                if self.awaited.try_get_value() == Some(0) {
                    let _ = self.is_shown.try_set(true);
                }
            });
        }
    }
}

/// Grey lines until every part inside is there, then all of them. What comes anew later is shown where it stands.
///
/// Inside it [`Loaded`](super::Loaded) is waited for by itself, anything else by [`wait_for`].
#[component]
pub fn Together(
    /// Lines of the skeleton.
    #[prop(default = 8)]
    lines: usize,
    /// Hears that the parts are on the screen.
    #[prop(optional, into)]
    on_shown: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let gathering = Gathering::new();
    let is_shown = gathering.is_shown;
    if let Some(on_shown) = on_shown {
        Effect::new(move || {
            if is_shown.get() {
                untrack(|| on_shown.run(()));
            }
        });
    }
    // Where nothing is waited for.
    gathering.look_when_drawn();
    view! {
        {move || (!is_shown.get()).then(|| view! { <div class="card-body"><Skeleton lines=lines/></div> })}
        <div class="contents" hidden=move || !is_shown.get()>
            <Provider value=gathering>{children()}</Provider>
        </div>
    }
}

/// Has the page around this part, where it is shown as a whole, wait until something is there or the part has gone.
pub fn wait_for(is_there: impl Fn() -> bool + 'static) {
    let gathering = use_context::<Gathering>();
    let Some(gathering) = gathering.filter(|gathering| !gathering.is_shown.get_untracked()) else { return };
    if untrack(&is_there) {
        return;
    }
    gathering.awaits_one_more();
    let waits = StoredValue::new(true);
    let come = move || {
        if waits.try_update_value(std::mem::take) == Some(true) {
            gathering.one_has_come();
        }
    };
    Effect::new(move || {
        if is_there() {
            come();
        }
    });
    on_cleanup(come);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_waited_for() {
        Owner::new().with(|| {
            let gathering = Gathering::new();
            gathering.awaits_one_more();
            gathering.awaits_one_more();
            gathering.one_has_come();
            assert_eq!(gathering.awaited.get_value(), 1);
            assert!(!gathering.is_shown.get_untracked());
        });
    }

    #[test]
    fn a_page_that_is_shown_waits_for_nothing_more() {
        Owner::new().with(|| {
            let gathering = Gathering::new();
            provide_context(gathering);
            gathering.is_shown.set(true);
            wait_for(|| false);
            wait_for(|| true);
            assert_eq!(gathering.awaited.get_value(), 0);
        });
    }
}
