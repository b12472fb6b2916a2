//! What stands under a figure: a line of the last periods, and the target that it is held against.

use serde::{Deserialize, Deserializer, Serialize, de};

use super::dashboard::{Tile, TileKind};
use super::picture::TileResult;
use super::tile::CheckedTile;
use crate::aggregate::{AggregateFn, GroupBy};
use crate::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach, Unit};
use crate::text::{Fault, Faults};
use crate::value::{Date, Decimal, Rounding, Value, parse_decimal, round, to_fixed};

/// Periods of a line at least and at most: one point is no line, and more than these are no small one.
const FEWEST: u32 = 2;
const MOST: u32 = 60;

/// A line of the last periods of a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SparkRule {
    /// The date that the figure is followed by.
    pub field: String,
    pub unit: Unit,
    /// How many periods, the one of today or of the end of the tile's own period being the last.
    #[serde(default = "a_dozen")]
    pub periods: u32,
}

fn a_dozen() -> u32 {
    12
}

/// What a figure is to reach: a number, or one that it is not to go over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TargetRule {
    /// A decimal number.
    pub value: String,
    pub better: Better,
}

/// Which side of its target a figure is to be on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    #[default]
    Higher,
    Lower,
}

impl schemars::JsonSchema for TargetRule {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TargetRule".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let better = generator.subschema_for::<Better>();
        schemars::json_schema!({
            "description": "What a figure is to reach, or not to go over.",
            "oneOf": [
                {"type": ["string", "number"]},
                {"type": "object", "required": ["value"],
                    "properties": {"value": {"type": ["string", "number"]}, "better": better},
                    "additionalProperties": false}
            ]
        })
    }
}

impl<'de> Deserialize<'de> for TargetRule {
    /// `"100"`, `100` or `{"value": "100", "better": "lower"}`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TargetRule, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            value: serde_json::Value,
            #[serde(default)]
            better: Better,
        }
        let json = serde_json::Value::deserialize(deserializer)?;
        let whole = match json {
            serde_json::Value::Object(_) => serde_json::from_value(json).map_err(de::Error::custom)?,
            value => Whole { value, better: Better::default() },
        };
        let value = match whole.value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(number) => number.to_string(),
            _ => return Err(de::Error::custom("a target is a number")),
        };
        Ok(TargetRule { value, better: whole.better })
    }
}

impl TargetRule {
    pub fn number(&self) -> Option<Decimal> {
        parse_decimal(&self.value).ok()
    }

    /// Whether a figure is where it is to be.
    pub fn is_met_by(&self, value: Decimal) -> bool {
        self.number().is_some_and(|target| match self.better {
            Better::Higher => value >= target,
            Better::Lower => value <= target,
        })
    }

    /// How many per cent of the target a figure is, with one digit; `None` where that says nothing.
    pub fn reached_by(&self, value: Decimal) -> Option<String> {
        let target = self.number().filter(|target| *target > Decimal::ZERO)?;
        let percent = value.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(target)?;
        Some(to_fixed(round(percent, 1, Rounding::HalfUp), 1))
    }
}

/// What is wrong with the line and the target of a tile, as far as it says so itself.
pub(super) fn faults_of(rule: &Tile) -> Faults {
    let mut faults = Faults::new();
    let is_figure = rule.kind == TileKind::Figure && rule.group.is_empty();
    for (is_there, member) in [(rule.spark.is_some(), "spark"), (rule.target.is_some(), "target")] {
        if is_there && !is_figure {
            faults.push(Fault::new(format!("/{member}"), "not_allowed_here").arg("what", member));
        }
    }
    if rule.target.as_ref().is_some_and(|target| target.number().is_none()) {
        faults.push(Fault::new("/target", "not_a_number"));
    }
    let periods = rule.spark.as_ref().map(|spark| spark.periods);
    if periods.is_some_and(|periods| periods < FEWEST) {
        faults.push(Fault::new("/spark/periods", "too_small").arg("min", FEWEST));
    }
    if periods.is_some_and(|periods| periods > MOST) {
        faults.push(Fault::new("/spark/periods", "too_large").arg("max", MOST));
    }
    faults
}

/// The tile that answers what its line shows: its own measures, by the line's periods.
pub(super) fn by_periods(rule: &Tile, spark: &SparkRule) -> Tile {
    Tile {
        kind: TileKind::Line,
        group: vec![GroupBy { field: spark.field.clone(), unit: Some(spark.unit) }],
        compare: None,
        spark: None,
        target: None,
        sort: Vec::new(),
        limit: None,
        ..rule.clone()
    }
}

/// A point of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SparkPoint {
    /// The period, as it is called.
    pub period: String,
    pub value: Option<String>,
}

/// The periods of a line: where the first begins, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SparkSpan {
    unit: Unit,
    from: Date,
    periods: u32,
}

impl CheckedTile {
    /// What the line of a figure asks, where it has one: the tile by periods, narrowed to the last of them, and which they are.
    /// What narrows the figure to a period of its own gives way: the line is about what was before, too.
    pub fn spark_over(&self, filter: &Checked, today: Date) -> Option<(&CheckedTile, Checked, SparkSpan)> {
        let (rule, tile) = (self.rule.spark.as_ref()?, self.spark.as_deref()?);
        let by = tile.group.first()?;
        let mut end = None;
        let rest = without_periods(filter, &by.reach, today, &mut end);
        let last_day = end.map_or(today, |end: Date| day_before(end).min(today));
        let last = rule.unit.start(last_day);
        let from = rule.unit.step(last, 1 - i64::from(rule.periods));
        let until = rule.unit.step(last, 1);
        let test = CheckedTest {
            reach: by.reach.clone(),
            kind: by.kind.clone(),
            op: Operator::Within,
            operand: CheckedOperand::List(vec![Value::Date(from), Value::Date(until)]),
            matching: Match::Any,
        };
        let span = SparkSpan { unit: rule.unit, from, periods: rule.periods };
        Some((tile, rest.and(Checked::Test(Box::new(test))), span))
    }

    /// The points of a line, one for each of its periods; a period without records has 0 where that is what is measured.
    pub fn spark_points(&self, result: &TileResult, span: SparkSpan) -> Vec<SparkPoint> {
        let Some(measure) = self.rule.measures.first() else { return Vec::new() };
        let counted = self.measures.iter().find(|known| known.key == measure.key);
        let nothing = counted
            .filter(|known| matches!(known.function, AggregateFn::Sum | AggregateFn::Count))
            .map(|known| to_fixed(Decimal::ZERO, known.scale));
        let is_withheld = result.rows.iter().any(|row| row.reasons.contains_key(&measure.key))
            && result.rows.iter().all(|row| row.values.get(&measure.key).is_none_or(Option::is_none));
        (0..span.periods)
            .map(|number| {
                let period = span.unit.name(span.unit.step(span.from, i64::from(number)));
                let row = result.rows.iter().find(|row| row.group.first() == Some(&period));
                let value = match row {
                    Some(row) => row.values.get(&measure.key).cloned().flatten(),
                    None if is_withheld => None,
                    None => nothing.clone(),
                };
                SparkPoint { period, value }
            })
            .collect()
    }
}

/// The day before the end of a period, which is the day after its last.
fn day_before(end: Date) -> Date {
    Unit::Day.step(end, -1)
}

/// A condition without what narrows it to periods of a field in all its records; `end` becomes the earliest end of these.
fn without_periods(condition: &Checked, of: &Reach, today: Date, end: &mut Option<Date>) -> Checked {
    match condition {
        Checked::All(parts) => {
            Checked::All(parts.iter().map(|part| without_periods(part, of, today, end)).collect())
        }
        Checked::Test(test) if test.reach == *of => {
            let until = match &test.operand {
                CheckedOperand::Relative(relative, n)
                    if matches!(test.op, Operator::Within | Operator::Eq) =>
                {
                    Some(relative.range(today, *n).1)
                }
                CheckedOperand::List(ends) if test.op == Operator::Within => {
                    test.period(ends).and_then(|(_, to)| to)
                }
                _ => None,
            };
            let is_period = until.is_some() || test.op == Operator::Within;
            if !is_period {
                return condition.clone();
            }
            if let Some(until) = until {
                *end = Some(end.map_or(until, |end| end.min(until)));
            }
            Checked::always()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(json: serde_json::Value) -> Result<TargetRule, serde_json::Error> {
        serde_json::from_value(json)
    }

    #[test]
    fn a_target_is_a_number_that_a_figure_is_to_reach_or_not_to_pass() {
        for (json, value, met, reached) in [
            (json!("200"), "100", false, Some("50.0")),
            (json!(200), "200", true, Some("100.0")),
            (json!({"value": "0.3"}), "0.1", false, Some("33.3")),
            (json!({"value": 5, "better": "lower"}), "4", true, Some("80.0")),
            (json!({"value": 5, "better": "lower"}), "6", false, Some("120.0")),
            (json!("0"), "1", true, None),
        ] {
            let target = read(json.clone()).unwrap();
            let value = value.parse().unwrap();
            assert_eq!(
                (target.is_met_by(value), target.reached_by(value).as_deref()),
                (met, reached),
                "{json}"
            );
        }
        for broken in [json!(null), json!([1]), json!({"value": 1, "more": 2}), json!({"better": "lower"})] {
            assert!(read(broken.clone()).is_err(), "{broken}");
        }
        assert_eq!(read(json!("many")).unwrap().number(), None);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let target = read(json!({"value": 5, "better": "lower"})).unwrap();
        assert_eq!(read(serde_json::to_value(&target).unwrap()).unwrap(), target);
        let spark: SparkRule = serde_json::from_value(json!({"field": "day", "unit": "month"})).unwrap();
        assert_eq!(spark.periods, 12);
    }
}
