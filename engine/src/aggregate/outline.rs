//! An aggregate table as forms ask it for lists and defaults: its dimensions and measures are the fields of a form.

use std::collections::BTreeMap;

use super::document::{AggregateDocument, AggregateFn, Dimension, SourceMeasure, SourceRule};
use super::source::MORE_OF_AVERAGE;
use crate::condition::Fields;
use crate::field::{FieldKind, Shape, options};
use crate::form::{Catalogue, Field, FormDocument, Sketch, Surroundings};
use crate::text::Label;
use crate::value::Id;

/// What comes after the app of sketches that stand for its aggregate tables: no key of an app looks like that.
const TABLES: &str = "/aggregates";

/// The app of sketches that stand for the aggregate tables of an app: no form is found by it.
pub fn tables_of(app: &str) -> String {
    format!("{app}{TABLES}")
}

/// Whether a sketch stands for an aggregate table.
pub fn is_table(sketch: &Sketch) -> bool {
    sketch.app.ends_with(TABLES)
}

/// The table of an app as a form. It is told from the documents of its sources alone, so that forms that a table adds up
/// may ask it. `None` for a document whose dimensions lead nowhere.
pub fn outline(id: Id, app: &str, document: &AggregateDocument, catalogue: &dyn Catalogue) -> Option<Sketch> {
    let around = Sources { app, catalogue, rules: &document.sources };
    let dimensions: Option<Vec<Field>> =
        document.dimensions.iter().map(|dimension| around.dimension(dimension)).collect();
    let mut fields = dimensions?;
    fields.extend(around.measures());
    fields.extend(
        document.measures.iter().map(|measure| number(&measure.key, measure.label.as_ref(), measure.scale)),
    );
    let document = FormDocument {
        format: 1,
        key: document.key.clone(),
        label: document.label.clone(),
        fields,
        ..FormDocument::default()
    };
    Some(Sketch { id, app: tables_of(app), document })
}

/// What a table adds up, as its document names it.
struct Sources<'a> {
    app: &'a str,
    catalogue: &'a dyn Catalogue,
    rules: &'a [SourceRule],
}

impl Sources<'_> {
    /// The kind at a path of a source's form. A link is named by the id of its form: the source may be of another app.
    fn kind(&self, rule: &SourceRule, path: &str) -> Option<FieldKind> {
        let sketch = self.catalogue.form(self.app, &rule.form)?;
        let around = Surroundings { sketch: &sketch, catalogue: self.catalogue, row_of: None };
        let (_, mut kind) = around.find(path).ok()?;
        if let Some(link) = kind.as_link_mut() {
            let form = self.catalogue.form(&sketch.app, &link.form)?.id.to_string();
            *link = options::Link { form, ..options::Link::default() };
        }
        Some(kind)
    }

    fn dimension(&self, dimension: &Dimension) -> Option<Field> {
        let found = self.rules.iter().find_map(|rule| {
            let by = rule.group.get(&dimension.key)?;
            let kind = self.kind(rule, &by.field)?;
            // A period is kept as its first day.
            Some(if by.unit.is_some() { FieldKind::Date(options::Date::default()) } else { kind })
        });
        Some(Field::new(&dimension.key, dimension.label.clone(), found?))
    }

    /// The measures in the order in which sources name them, each once, with the digits of the longest.
    fn measures(&self) -> Vec<Field> {
        let mut order: Vec<&str> = Vec::new();
        let mut found: BTreeMap<&str, (Option<&Label>, u32)> = BTreeMap::new();
        for rule in self.rules {
            for (key, measure) in &rule.measures {
                let (label, scale) = found.entry(key).or_insert_with(|| {
                    order.push(key);
                    (None, 0)
                });
                *label = label.or(measure.label.as_ref());
                *scale = self.scale(rule, measure).max(*scale);
            }
        }
        let field = |key: &str| found.get(key).map(|(label, scale)| number(key, *label, *scale));
        order.into_iter().filter_map(field).collect()
    }

    /// The digits after the point of what a source adds to a measure.
    fn scale(&self, rule: &SourceRule, measure: &SourceMeasure) -> u32 {
        let kind = measure.field.as_ref().and_then(|field| self.kind(rule, field));
        let own = match kind.map(|kind| kind.shape()) {
            Some(Shape::Decimal(scale)) => scale,
            _ => 0,
        };
        match measure.function {
            AggregateFn::Count | AggregateFn::Distinct => 0,
            AggregateFn::Sum | AggregateFn::Min | AggregateFn::Max => own,
            AggregateFn::Avg => own + MORE_OF_AVERAGE,
        }
    }
}

/// A measure. An average may have more digits than a field that people fill: it is shown as its table shows it.
fn number(key: &str, label: Option<&Label>, scale: u32) -> Field {
    let kind = FieldKind::Number(options::Number { scale: Some(scale), ..options::Number::default() });
    let label = label.cloned().unwrap_or_else(|| Label::from(key));
    Field::new(key, label, kind)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};

    use super::*;

    struct World(Vec<Arc<Sketch>>);

    impl Catalogue for World {
        fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
            let (app, key) = name.split_once('/').unwrap_or((app, name));
            let known = |sketch: &&Arc<Sketch>| {
                (sketch.app == app && sketch.document.key == key) || sketch.id.to_string() == name
            };
            self.0.iter().find(known).cloned()
        }
    }

    fn sketch(number: i64, app: &str, document: Json) -> Arc<Sketch> {
        let document = serde_json::from_value(document).unwrap();
        Arc::new(Sketch { id: Id::from_i64(number).unwrap(), app: app.to_string(), document })
    }

    fn world() -> World {
        let product = json!({"key": "product", "label": "品", "fields": [
            {"key": "name", "label": "名", "kind": "text"},
            {"key": "least", "label": "下限", "kind": "number"}]});
        let moved = json!({"key": "move", "label": "出入库", "fields": [
            {"key": "day", "label": "日", "kind": "date"},
            {"key": "lines", "label": "行", "kind": "subform", "options": {"fields": [
                {"key": "product", "label": "品", "kind": "link", "options": {"form": "product", "display": ["least"]}},
                {"key": "qty", "label": "量", "kind": "number", "options": {"scale": 3}}]}}]});
        World(vec![sketch(7, "base", product), sketch(8, "base", moved)])
    }

    fn stock(group: Json) -> AggregateDocument {
        serde_json::from_value(json!({"key": "stock", "label": "库存",
            "dimensions": [{"key": "product", "label": "品"}, {"key": "month", "label": "月"}],
            "sources": [{"form": "base/move", "rows": "lines", "group": group, "measures": {
                "on_hand": {"fn": "sum", "field": "lines.qty", "label": "在库"}, "moves": {"fn": "count"}}}],
            "measures": [{"key": "half", "formula": "on_hand / 2", "scale": 1}]}))
        .unwrap()
    }

    #[test]
    fn a_table_reads_like_a_form_of_its_dimensions_and_measures() {
        let world = world();
        let table = stock(json!({"product": "lines.product", "month": {"field": "day", "unit": "month"}}));
        let sketch = outline(Id::from_i64(9).unwrap(), "shop", &table, &world).unwrap();
        assert_eq!((sketch.app.as_str(), sketch.document.key.as_str()), ("shop/aggregates", "stock"));
        assert!(is_table(&sketch) && world.0.iter().all(|form| !is_table(form)));
        let fields = sketch.document.fields.iter();
        let told: Vec<String> = fields
            .map(|field| format!("{} {} {:?}", field.key, field.kind.name(), field.kind.shape()))
            .collect();
        assert_eq!(
            told,
            [
                "product link Ref",
                "month date Day",
                "moves number Decimal(0)",
                "on_hand number Decimal(3)",
                "half number Decimal(1)"
            ]
        );
        // Behind a link of another app too, there is what its records hold.
        let behind = sketch.kind_of("product.least", &world).map(|kind| kind.name().to_string());
        assert_eq!(behind.as_deref(), Some("number"));
        let link = sketch.document.fields.first().and_then(|field| field.kind.as_link());
        assert!(link.is_some_and(|link| link.display.is_empty()));
    }

    #[test]
    fn an_average_has_four_digits_more_than_what_is_averaged() {
        let price = json!({"key": "price", "label": "价", "fields": [
            {"key": "name", "label": "名", "kind": "text"},
            {"key": "unit", "label": "单价", "kind": "money", "options": {"scale": 6}}]});
        let table = serde_json::from_value(
            json!({"key": "prices", "label": "价", "dimensions": [{"key": "name", "label": "名"}],
            "sources": [{"form": "price", "group": {"name": "name"}, "measures": {
                "least": {"fn": "min", "field": "unit"}, "mean": {"fn": "avg", "field": "unit"}}}]}),
        )
        .unwrap();
        let world = World(vec![sketch(7, "shop", price)]);
        let sketch = outline(Id::from_i64(9).unwrap(), "shop", &table, &world).unwrap();
        let shapes: Vec<Shape> = sketch.document.fields.iter().map(|field| field.kind.shape()).collect();
        assert_eq!(shapes, [Shape::Text, Shape::Decimal(6), Shape::Decimal(10)]);
        let mean = sketch.document.field("mean").unwrap();
        let shown = mean.kind.to_json(&crate::value::Value::Number("1.2345678901".parse().unwrap()));
        assert_eq!(shown, json!("1.2345678901"));
    }

    #[test]
    fn a_dimension_that_leads_nowhere_makes_no_form() {
        let table = stock(json!({"product": "lines.gone", "month": {"field": "day", "unit": "month"}}));
        assert!(outline(Id::from_i64(9).unwrap(), "shop", &table, &world()).is_none());
    }
}
