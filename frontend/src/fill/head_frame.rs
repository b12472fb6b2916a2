//! What the name of a column is put into where a form is designed: there its head is chosen and moved.

use std::sync::Arc;

use leptos::prelude::*;

type Framed = dyn Fn(&str, AnyView) -> AnyView + Send + Sync;

/// Puts the name of a column into what the page around the form makes of it. Who designs a form gives it as a context; where
/// nobody does, a name stands alone.
#[derive(Clone)]
pub struct HeadFrame(Arc<Framed>);

impl HeadFrame {
    /// `around` hears the path of the column and its name as it is drawn.
    pub fn new(around: impl Fn(&str, AnyView) -> AnyView + Send + Sync + 'static) -> HeadFrame {
        HeadFrame(Arc::new(around))
    }

    pub(super) fn framed(path: &str, name: AnyView) -> AnyView {
        match use_context::<HeadFrame>() {
            Some(HeadFrame(around)) => around(path, name),
            None => name,
        }
    }
}
