//! How much slower the product is with many records than with few: a second server with few is asked in turn with the
//! first.

use std::path::Path;
use std::sync::Arc;

use tests::Database;

use crate::client::Request;
use crate::figures::{Figure, Goal, Unit};
use crate::formwork::Formwork;
use crate::place::Place;
use crate::{Kind, Options, WARM_UP, load, median, one, requests, say, warm_up};

/// Records that are few.
pub const FEW: u64 = 100_000;
/// How many times as long it may take.
const TIMES: f64 = 1.3;

/// The product with few records.
pub struct Small(Formwork);

impl Small {
    pub async fn start(database: Database, folder: &Path) -> Small {
        say("the product with 100,000 records");
        let place = Place::new(database, folder, "few").await;
        let mut formwork = Formwork::start(&place).await;
        load(&mut formwork, FEW, "the product with few records").await;
        place.settle().await;
        Small(formwork)
    }

    /// Both in turn, and what comes of it.
    pub async fn compare(&mut self, large: &mut Formwork, options: &Options) -> Vec<Figure> {
        let kinds =
            [("get, to that with 100,000", Kind::Get), ("create, to that with 100,000", Kind::Create)];
        let mut figures = Vec::new();
        for (name, kind) in kinds.into_iter().filter(|(name, _)| name.contains(&options.only)) {
            say(name);
            let figure = self.figure(name, kind, large, options).await;
            say(&figure.line());
            figures.push(figure);
        }
        figures
    }

    async fn figure(
        &mut self,
        name: &'static str,
        kind: Kind,
        large: &mut Formwork,
        options: &Options,
    ) -> Figure {
        let of_few: Arc<Vec<Request>> = Arc::new(requests(&self.0, kind, FEW));
        let of_many = Arc::new(requests(&*large, kind, options.rows()));
        warm_up(&mut self.0, &of_few, 1, WARM_UP).await;
        warm_up(large, &of_many, 1, WARM_UP).await;
        let (mut few, mut many, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..options.repeats {
            let small = one(&mut self.0, &of_few, 1, options.time()).await.0.p50_ms;
            let large = one(large, &of_many, 1, options.time()).await.0.p50_ms;
            few.push(small);
            many.push(large);
            ratios.push(large / small);
        }
        Figure {
            formwork: Some(median(many)),
            ratio: Some(median(ratios)),
            goal: Some(Goal::Fewer { times: TIMES, of: median(few) }),
            ..Figure::new(name, Unit::Ms)
        }
    }
}
