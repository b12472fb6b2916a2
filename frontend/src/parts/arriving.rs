//! A part on its way.

use std::future::Future;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::absence::{self, Absence};
use super::pages::Arrived;
use crate::api;

/// How far a part is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Stage {
    Coming,
    Here,
    Missing(Absence),
}

/// A part that was asked for by the component that is being built, and goes with it.
#[derive(Clone, Copy)]
pub(super) struct Arriving {
    stage: RwSignal<Stage>,
    /// What was built of the part, until it is taken into the page.
    built: StoredValue<Option<OwnedView<AnyView>>, LocalStorage>,
    /// How often a person asked for it again.
    asked_again: RwSignal<u32>,
}

impl Arriving {
    /// Asks for a part: `load` is one of the functions of `pages.rs`.
    pub fn start<W>(load: impl Fn() -> W + 'static) -> Arriving
    where
        W: Future<Output = Arrived> + 'static,
    {
        let arriving = Arriving {
            stage: RwSignal::new(Stage::Coming),
            built: StoredValue::new_local(None),
            asked_again: RwSignal::new(0),
        };
        let load = Rc::new(load);
        Effect::new(move || {
            arriving.asked_again.track();
            let bringing = arriving.bring(load.clone(), Owner::new());
            // What the part reads while it is built is none of this effect's business.
            untrack(|| spawn_local_scoped_with_cancellation(bringing));
        });
        arriving
    }

    /// How far it is; tracked.
    pub fn stage(self) -> Stage {
        self.stage.get()
    }

    /// Whether it is here; tracked.
    pub fn is_here(self) -> bool {
        self.stage.with(|stage| *stage == Stage::Here)
    }

    /// What was built of it; there once.
    pub fn take(self) -> Option<OwnedView<AnyView>> {
        self.built.try_update_value(Option::take).flatten()
    }

    /// Asks for it again.
    pub fn ask_again(self) {
        self.asked_again.update(|times| *times += 1);
    }

    /// Builds the part under `owner` as soon as it is here. While the server is gone it is waited for.
    async fn bring<W>(self, load: Rc<impl Fn() -> W>, owner: Owner)
    where
        W: Future<Output = Arrived> + 'static,
    {
        loop {
            self.stage.set(Stage::Coming);
            let coming = owner.with(|| ScopedFuture::new_untracked(load()));
            if let Ok(view) = coming.await {
                self.built.set_value(Some(OwnedView::new_with_owner(view, owner)));
                return self.stage.set(Stage::Here);
            }
            let why = absence::reason().await;
            self.stage.set(Stage::Missing(why));
            match why {
                Absence::Unreachable => api::back().await,
                Absence::Replaced => return absence::reload_once().await,
                Absence::Broken => return,
            }
        }
    }
}
