//! Forms that dashboards count with eyes for every record, whoever looks (semantics.md 4: `run_as: all`). What such a form shows of
//! others behind its links is no more shown with the eyes of who looks alone.

use std::collections::BTreeSet;

use engine::condition::Reach;
use engine::report::{Bind, CheckedTile, CheckedTileSource, RunAs};
use engine::value::Id;

use super::Designs;

impl Designs {
    /// The forms whose records are read for dashboards that count all of them, and those behind the links of these.
    pub fn counted_for_all(&self) -> BTreeSet<Id> {
        let marked = self.dashboards.values().filter(|design| design.document.run_as == RunAs::All);
        let mut counted = BTreeSet::new();
        for design in marked {
            // One that does not fit its forms any more shows nothing.
            let Ok(dashboard) = self.dashboard(design) else { continue };
            for tile in &dashboard.tiles {
                counted.extend(self.read_by(design.row.app, tile));
            }
        }
        let mut open: Vec<Id> = counted.iter().copied().collect();
        while let Some(form) = open.pop() {
            let Some(Ok(compiled)) = self.forms.get(&form).map(|design| self.compiled(design)) else {
                continue;
            };
            for behind in targets(compiled.form.link_reads().iter()) {
                if counted.insert(behind) {
                    open.push(behind);
                }
            }
        }
        counted
    }

    /// The forms that a tile of an app's dashboard reads.
    fn read_by(&self, app: Id, tile: &CheckedTile) -> BTreeSet<Id> {
        let measured = tile.measures.iter().filter_map(|measure| measure.of.as_ref()).map(|(reach, _)| reach);
        let grouped = tile.group.iter().map(|by| &by.reach);
        let mut forms = targets(measured.chain(grouped));
        forms.extend(targets(tile.filter.reaches().iter()));
        forms.extend(targets(tile.binds.values().filter_map(|bind| match bind {
            Bind::Field(reach, _) => Some(reach),
            Bind::Parameter(_) => None,
        })));
        match &tile.source {
            CheckedTileSource::Form(form) => {
                forms.insert(*form);
            }
            CheckedTileSource::Aggregate(_) => {}
            CheckedTileSource::Report(key) => {
                let report = self.report_in(app, key).and_then(|design| self.report(design).ok());
                for data in report.iter().flat_map(|report| &report.data) {
                    let measured = data.measures.iter().filter_map(|measure| measure.of.as_ref());
                    let measured = measured.map(|(reach, _)| reach);
                    forms.extend(targets(measured.chain(data.group.iter().map(|by| &by.reach))));
                    forms.extend(targets(data.filter.reaches().iter()));
                    forms.extend(data.form);
                }
            }
        }
        forms
    }
}

/// The forms that paths lead to.
fn targets<'r>(reaches: impl Iterator<Item = &'r Reach>) -> BTreeSet<Id> {
    reaches.flat_map(|reach| &reach.hops).map(|(_, form)| *form).collect()
}
