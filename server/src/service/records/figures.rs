//! Figures over the records of other forms that formulas ask for: SUMOF and its kin.
//!
//! They count every record, whoever asks, as rollups do (docs/decisions/0018): who reads a figure is said by the right on
//! the field that shows it, and what is stored must not depend on who saves. Records are counted as they are stored: of
//! several that are saved together none is counted yet.

use std::collections::BTreeMap;

use engine::access::Access;
use engine::condition::Checked;
use engine::form::{Ask, AskedBy, CheckedFigure};
use engine::formula::{Answers, FigureFunction};
use engine::record::Draft;
use engine::value::{ErrorValue, Value};
use store::Reader;
use store::query::{First, Function, GroupBy, Groups, Measure, Shelf};

use super::Order;
use super::live::in_list;
use crate::service::Refusal;

/// Why a figure reads every record.
const FIGURE: &str = "a figure counts all records";

/// One figure may be told by another: so often they are looked for in turn.
const ROUNDS: usize = 6;

/// Questions that one walk over the records answers at most.
const TOGETHER: usize = 500;

impl Order {
    /// Finds what the draft's formulas ask of other records, and tells it. What was found before is in `known`, which
    /// learns what is found now.
    pub async fn answer(
        &self,
        db: &mut Reader,
        draft: &mut Draft,
        known: &mut Answers,
    ) -> Result<(), Refusal> {
        self.answer_all(db, &mut [draft], known).await
    }

    /// As [`Order::answer`], for many drafts at once.
    pub async fn answer_all(
        &self,
        db: &mut Reader,
        drafts: &mut [&mut Draft],
        known: &mut Answers,
    ) -> Result<(), Refusal> {
        for _ in 0..ROUNDS {
            let mut open: BTreeMap<String, Ask> = BTreeMap::new();
            for ask in drafts.iter().flat_map(|draft| draft.asks()) {
                if known.get(&ask.key).is_none() {
                    open.insert(ask.key.clone(), ask.clone());
                }
            }
            self.count_out(db, open.into_values(), known).await?;
            let mut asked = false;
            for draft in drafts.iter_mut().filter(|draft| !draft.asks().is_empty()) {
                draft.answer(known);
                asked = true;
            }
            if !asked {
                break;
            }
        }
        Ok(())
    }

    /// Answers these questions: those that differ in one value alone together.
    async fn count_out(
        &self,
        db: &mut Reader,
        asks: impl Iterator<Item = Ask>,
        known: &mut Answers,
    ) -> Result<(), Refusal> {
        let mut alike: BTreeMap<String, Vec<(Ask, AskedBy)>> = BTreeMap::new();
        for ask in asks {
            match ask.by(&self.context) {
                Some(by) => alike.entry(ask.group()).or_default().push((ask, by)),
                None => {
                    let value = self.figure(db, &ask.figure, ask.filter(&self.context)).await?;
                    known.insert(ask.key, value);
                }
            }
        }
        for asks in alike.into_values() {
            for asks in asks.chunks(TOGETHER) {
                match asks {
                    [(ask, _)] => {
                        let value = self.figure(db, &ask.figure, ask.filter(&self.context)).await?;
                        known.insert(ask.key.clone(), value);
                    }
                    asks => self.figures(db, asks, known).await?,
                }
            }
        }
        Ok(())
    }

    /// Questions that differ in the value of one field.
    async fn figures(
        &self,
        db: &mut Reader,
        asks: &[(Ask, AskedBy)],
        known: &mut Answers,
    ) -> Result<(), Refusal> {
        let Some((first, by)) = asks.first() else { return Ok(()) };
        let values = asks.iter().map(|(_, by)| by.value.clone()).collect();
        let among = in_list(by.reach.clone(), by.kind.clone(), values);
        let group = GroupBy { reach: by.reach.clone(), kind: by.kind.clone(), unit: None };
        let filter = first.filter_of_all(&self.context).and(among);
        let over_nothing = || first.figure.function.over_nothing();
        let found = self.measured(db, &first.figure, filter, vec![group]).await?;
        for (ask, by) in asks {
            let value = match &found {
                Err(error) => Value::Error(*error),
                Ok(groups) => {
                    let group = groups.iter().find(|(group, _)| *group == by.value);
                    group.map_or_else(over_nothing, |(_, value)| value.clone())
                }
            };
            known.insert(ask.key.clone(), value);
        }
        Ok(())
    }

    /// One figure.
    async fn figure(
        &self,
        db: &mut Reader,
        figure: &CheckedFigure,
        filter: Checked,
    ) -> Result<Value, Refusal> {
        let last = match figure.function {
            FigureFunction::First => false,
            FigureFunction::Last => true,
            FigureFunction::Sum
            | FigureFunction::Count
            | FigureFunction::Avg
            | FigureFunction::Min
            | FigureFunction::Max => {
                return Ok(match self.measured(db, figure, filter, Vec::new()).await? {
                    Err(error) => Value::Error(error),
                    Ok(groups) => {
                        let value = groups.into_iter().next().map(|(_, value)| value);
                        value.unwrap_or_else(|| figure.function.over_nothing())
                    }
                });
            }
        };
        let Some((of, _)) = figure.value.clone() else { return Ok(Value::Empty) };
        let Ok(table) = self.table_of(figure.form) else { return Ok(Value::Error(ErrorValue::Ref)) };
        let access = Access::system(FIGURE);
        let wanted = First { filter, of, last };
        match store::query::first(db, &access, table, &wanted, &self.context).await {
            // What it reads has become live since it was published: there is nothing stored.
            Err(store::Error::NotAskable { .. }) => Ok(Value::Error(ErrorValue::Ref)),
            found => Ok(found?),
        }
    }

    /// Each group with its figure; without a group one of everything. An error value where what it counts has become
    /// live since it was published: there is nothing stored to add up.
    async fn measured(
        &self,
        db: &mut Reader,
        figure: &CheckedFigure,
        filter: Checked,
        group: Vec<GroupBy>,
    ) -> Result<Result<Vec<(Value, Value)>, ErrorValue>, Refusal> {
        let function = match figure.function {
            FigureFunction::Sum => Function::Sum,
            FigureFunction::Avg => Function::Avg,
            FigureFunction::Min => Function::Min,
            FigureFunction::Max => Function::Max,
            FigureFunction::Count | FigureFunction::First | FigureFunction::Last => Function::Count,
        };
        let measures = vec![Measure { function, of: figure.value.clone() }];
        let groups = Groups { shelf: Shelf::Live, filter, group, measures };
        let Ok(table) = self.table_of(figure.form) else { return Ok(Err(ErrorValue::Ref)) };
        let access = Access::system(FIGURE);
        let found = match store::query::groups(db, &access, table, &groups, &self.context).await {
            Err(store::Error::NotAskable { .. }) => return Ok(Err(ErrorValue::Ref)),
            found => found?,
        };
        let value = |values: Vec<Value>| values.into_iter().next().unwrap_or_default();
        Ok(Ok(found.into_iter().map(|group| (value(group.group), value(group.values))).collect()))
    }
}
