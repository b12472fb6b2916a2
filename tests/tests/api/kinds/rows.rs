//! The table: a row for each kind. One more kind is one more row.

use serde_json::{Value, json};

use super::given_rows::given;
use super::known::Known;
use super::reference_rows::{departments, pictures, references, several};
use super::table::{Row, Values};
use super::values::{many, moments, one_of, ordered, searched, texts};

/// Every kind.
pub fn rows(known: &Known) -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(texts_and_numbers());
    rows.extend(moments_of_time());
    rows.extend(choices());
    rows.extend(texts_with_a_form());
    rows.extend(documents_and_places());
    rows.extend(references(known));
    rows.extend(several(known));
    rows.extend(departments(known));
    rows.extend(pictures(known));
    rows.extend(laid_out());
    rows.extend(given(known));
    rows
}

fn texts_and_numbers() -> Vec<Row> {
    vec![
        Values::of_texts("Apfel", "Birne", texts("Apfel", "Birne", "PF", "ａ", "EL"))
            .typed([(json!("Apfel  "), 0)])
            .refused([
                (json!(5), "wrong_type"),
                (json!("a\nb"), "wrong_type"),
                (json!("12345678901"), "too_long"),
            ])
            .in_cells([("Apfel", 0), ("Birne ", 1)])
            .from("number", [("1.50", json!("1.50"))])
            .of("text", json!({"max_length": 10}))
            .bad([
                (json!({"pattern": "("}), "pattern", "bad_pattern"),
                (json!({"min_length": 5, "max_length": 1}), "min_length", "min_over_max"),
            ]),
        Values::of_texts("Apfel\nrot", "Birne", searched("l\nr", "apfel", "ROT"))
            .unsorted()
            .typed([(json!("Apfel\r\nrot"), 0)])
            .refused([(json!(5), "wrong_type"), (json!("a".repeat(21)), "too_long")])
            .in_cells([("Birne", 1)])
            .from("text", [("abc", json!("abc"))])
            .of("long_text", json!({"max_length": 20}))
            .bad([(json!({"min_length": 5, "max_length": 1}), "min_length", "min_over_max")]),
        Values::of_texts("2.00", "10.50", ordered(json!("2"), json!(10.5)))
            .entered(json!(2))
            .typed([(json!("１０．５"), 1), (json!("2 kg"), 0), (json!(10.50), 1)])
            .refused([
                (json!("x"), "not_a_number"),
                (json!("1.234"), "too_precise"),
                (json!("-1"), "too_small"),
                (json!(true), "wrong_type"),
            ])
            .in_cells([("2", 0), ("10.50", 1)])
            .from("text", [("1,234.50", json!("1234.50")), ("x", Value::Null)])
            .of("number", json!({"min": "0", "unit": "kg"}))
            .bad([
                (json!({"scale": 9}), "scale", "too_large"),
                (json!({"min": 2, "max": 1}), "min", "min_over_max"),
            ]),
        Values::of_texts("2.00", "10.50", ordered(json!("2"), json!(10.5)))
            .entered(json!("2"))
            .typed([(json!("￥2"), 0), (json!("10.50元"), 1), (json!("CNY 10.5"), 1)])
            .refused([
                (json!("much"), "not_a_number"),
                (json!("0.001"), "too_precise"),
                (json!("USD 12"), "other_currency"),
                (json!("€5"), "other_currency"),
            ])
            .in_cells([("￥2.00", 0), ("10.5", 1)])
            .from("text", [("¥12", json!("12.00")), ("x", Value::Null)])
            .of("money", json!({"currency": "CNY"}))
            .bad([
                (json!({"currency": "RMB"}), "currency", "unknown_currency"),
                (json!({"currency_field": "gone"}), "currency_field", "unknown_field"),
            ]),
        Values::new(
            json!("5.0"),
            json!("15.5"),
            ["5.0\u{a0}%", "15.5\u{a0}%"],
            ordered(json!(5), json!("15.5")),
        )
        .entered(json!(5))
        .typed([(json!("15.5%"), 1), (json!("１５．５％"), 1)])
        .refused([(json!("half"), "not_a_number"), (json!("1.25"), "too_precise")])
        .in_cells([("5%", 0), ("15.5", 1)])
        .from("text", [("12.5%", json!("12.5")), ("x", Value::Null)])
        .of("percent", json!({"scale": 1}))
        .bad([(json!({"scale": 9}), "scale", "too_large")]),
        Values::of_texts("2", "4", ordered(json!(2), json!("4")))
            .entered(json!(2))
            .typed([(json!("★★☆☆☆"), 0), (json!("4星"), 1), (json!("4/5"), 1)])
            .refused([
                (json!(6), "too_large"),
                (json!(0), "too_small"),
                (json!("good"), "not_a_number"),
                (json!(2.5), "too_precise"),
            ])
            .in_cells([("2", 0), ("４", 1)])
            .from("text", [("4", json!("4")), ("9", Value::Null), ("x", Value::Null)])
            .of("rating", json!({"max": 5}))
            .bad([(json!({"max": 1}), "max", "too_small"), (json!({"max": 11}), "max", "too_large")]),
    ]
}

fn moments_of_time() -> Vec<Row> {
    let (early, late) = ("2024-09-09T00:30:00Z", "2024-10-01T00:00:00Z");
    vec![
        Values::of_texts("2024-09-09", "2024-10-01", moments(json!("2024-09-09"), json!("2024/10/1")))
            .typed([(json!("2024/9/9"), 0), (json!("２０２４年９月９日"), 0), (json!("20241001"), 1)])
            .refused([
                (json!("soon"), "not_a_date"),
                (json!("1999-12-31"), "too_small"),
                (json!(20_240_909), "wrong_type"),
            ])
            .in_cells([("2024/9/9", 0), ("2024-10-01", 1)])
            .from("text", [("2024/9/9", json!("2024-09-09")), ("soon", Value::Null)])
            .of("date", json!({"min": "2000-01-01"}))
            .bad([
                (json!({"min": "2024-13-01"}), "min", "not_a_date"),
                (json!({"precision": "second"}), "precision", "unknown_choice"),
            ]),
        Values::of_texts(early, late, moments(json!(early), json!(late)))
            .typed([(json!("2024-09-09T08:30:00+08:00"), 0), (json!("2024-10-01T00:00:59Z"), 1)])
            .refused([(json!("2024-09-09"), "not_a_moment"), (json!(0), "wrong_type")])
            .in_cells([(early, 0), (late, 1)])
            .from("text", [(early, json!(early)), ("soon", Value::Null)])
            .of("datetime", json!({"precision": "minute"}))
            .bad([
                (json!({"precision": "day"}), "precision", "unknown_choice"),
                (json!({"min": late, "max": early}), "min", "min_over_max"),
            ]),
        Values::of_texts("2024-09", "2024-10", moments(json!("2024-09"), json!("2024-10")))
            .typed([(json!("2024年9月"), 0), (json!("2024/9"), 0), (json!("2024-10-31"), 1)])
            .refused([(json!("2024-13"), "not_a_month"), (json!("soon"), "not_a_month")])
            .in_cells([("2024/9", 0), ("202410", 1)])
            .from("text", [("2024/9", json!("2024-09")), ("soon", Value::Null)])
            .of("month", Value::Null)
            .bad([(json!({"max": "never"}), "max", "not_a_month")]),
        Values::of_texts("09:05", "15:05", ordered(json!("9:05"), json!("15:05")))
            .entered(json!("9:05:59"))
            .typed([
                (json!("９：０５"), 0),
                (json!("下午3:05"), 1),
                (json!("3:05 PM"), 1),
                (json!("0905"), 0),
            ])
            .refused([
                (json!("24:00"), "not_a_time"),
                (json!("07:59"), "too_small"),
                (json!(905), "wrong_type"),
            ])
            .in_cells([("9:05", 0), ("下午3:05", 1)])
            .from("text", [("9点05分", json!("09:05")), ("soon", Value::Null)])
            .of("time", json!({"precision": "minute", "min": "08:00"}))
            .bad([
                (json!({"min": "24:00"}), "min", "not_a_time"),
                (json!({"precision": "day"}), "precision", "unknown_choice"),
                (json!({"min": "10:00", "max": "09:00"}), "min", "min_over_max"),
            ]),
    ]
}

fn choices() -> Vec<Row> {
    let two = json!({"choices": [{"key": "z", "label": "甲", "color": "o1"}, {"key": "a", "label": "乙"}]});
    let twice = json!({"choices": [{"key": "a", "label": "甲"}, {"key": "a", "label": "乙"}]});
    let mut too_few = two.clone();
    too_few["min"] = json!(3);
    too_few["max"] = json!(1);
    let tree = json!({"choices": [
        {"key": "food", "label": "食品", "children": [
            {"key": "fruit", "label": "水果"}, {"key": "other", "label": "其他"}]},
        {"key": "tools", "label": "工具"}]});
    let mut within = one_of(json!("food/fruit"), json!("工具"));
    within.push(("within", json!("food"), "0"));
    let mut switch = Values::new(
        json!(false),
        json!(true),
        ["否", "是"],
        vec![("eq", json!(false), "0n"), ("ne", json!(false), "1")],
    )
    .typed([(json!("是"), 1), (json!("否"), 0), (json!("ＹＥＳ"), 1)])
    .refused([(json!("perhaps"), "wrong_type"), (json!(1), "wrong_type")])
    .in_cells([("是", 1), ("no", 0)])
    .from("text", [("是", json!(true)), ("x", json!(false))]);
    switch.empty = json!(false);
    switch.sorted = Some(["0n1", "10n"]);
    switch.groups = Some(vec![(json!(false), 2), (json!(true), 1)]);
    let mut several =
        Values::new(json!(["z"]), json!(["z", "a"]), ["甲", "甲、乙"], many(json!("z"), json!("a")))
            .unsorted()
            .typed([(json!("甲、乙"), 1), (json!(["a", "甲"]), 1)])
            .refused([(json!(["x"]), "unknown_choice"), (json!(5), "wrong_type")])
            .in_cells([("甲", 0), ("甲;乙", 1)])
            .from("text", [("乙，甲", json!(["z", "a"])), ("x", Value::Null)]);
    several.groups = Some(vec![(json!("z"), 2), (json!("a"), 1), (Value::Null, 1)]);
    vec![
        switch.of("switch", Value::Null),
        Values::new(json!("z"), json!("a"), ["甲", "乙"], one_of(json!("z"), json!("乙")))
            .typed([(json!("甲"), 0)])
            .refused([(json!("lost"), "unknown_choice"), (json!(["z"]), "wrong_type")])
            .in_cells([("甲", 0), ("a", 1)])
            .from("text", [("乙", json!("a")), ("x", Value::Null)])
            .of("select", two.clone())
            .bad([
                (json!({"choices": []}), "choices", "no_choices"),
                (twice.clone(), "choices/1/key", "duplicate_key"),
            ]),
        several
            .of("multi_select", two)
            .bad([(too_few, "min", "min_over_max"), (twice, "choices/1/key", "duplicate_key")]),
        Values::new(json!("food/fruit"), json!("tools"), ["食品 / 水果", "工具"], within)
            .typed([(json!(["food", "fruit"]), 0), (json!("食品 > 水果"), 0), (json!("水果"), 0)])
            .refused([
                (json!("food"), "choice_not_last"),
                (json!("food/nails"), "unknown_choice"),
                (json!(5), "wrong_type"),
            ])
            .in_cells([("食品/水果", 0), ("工具", 1)])
            .from("long_text", [("食品 / 水果", json!("food/fruit")), ("x", Value::Null)])
            .of("cascader", tree)
            .bad([
                (json!({"choices": []}), "choices", "no_choices"),
                (json!({"choices": [{"key": "a/b", "label": "x"}]}), "choices/0/key", "pattern"),
            ]),
    ]
}

fn texts_with_a_form() -> Vec<Row> {
    let cards = ["11010519491231002X", "440524188001010014"];
    let goods = ["6901234567892", "9787111000006"];
    vec![
        Values::of_texts("110", "138 0013 8000", texts("110", "138 0013 8000", "10", "11", "110"))
            .typed([(json!("１１０"), 0)])
            .refused([
                (json!("call me"), "not_a_phone"),
                (json!("0.005"), "not_a_phone"),
                (json!("2024-01-02"), "not_a_phone"),
                (json!(110), "wrong_type"),
            ])
            .in_cells([("110", 0), ("138 0013 8000", 1)])
            .from("long_text", [("110", json!("110")), ("x", Value::Null)])
            .of("phone", Value::Null),
        Values::of_texts("a@x.cn", "b@y.cn", texts("a@x.cn", "b@y.cn", "@X", "A@", "x.cn"))
            .typed([(json!("ａ@x.cn"), 0)])
            .refused([(json!("nobody"), "not_an_email")])
            .in_cells([("a@x.cn", 0)])
            .from("long_text", [("a@x.cn", json!("a@x.cn")), ("x", Value::Null)])
            .of("email", Value::Null),
        Values::of_texts(
            "https://a.cn",
            "https://b.cn/x",
            texts("https://a.cn", "b.cn/x", "//a", "HTTPS://A", "a.cn"),
        )
        .typed([(json!("HTTPS://A.cn"), 0), (json!("b.cn/x"), 1)])
        .refused([
            (json!("javascript:alert(1)"), "not_a_url"),
            (json!("a"), "not_a_url"),
            (json!(1), "wrong_type"),
        ])
        .in_cells([("a.cn", 0), ("https://b.cn/x", 1)])
        .from("long_text", [("a.cn", json!("https://a.cn")), ("x", Value::Null)])
        .of("url", Value::Null),
        Values::of_texts(cards[0], cards[1], texts(cards[0], cards[1], "0519491231", "1101", "02x"))
            .typed([(json!("110105 19491231 002x"), 0), (json!("４４０５２４１８８００１０１００１４"), 1)])
            .refused([
                (json!("110105194912310021"), "id_card_check"),
                (json!("123"), "not_an_id_card"),
                (json!("11010519491331002X"), "not_an_id_card"),
            ])
            .in_cells([(cards[0], 0), (cards[1], 1)])
            .from("long_text", [("11010519491231002x", json!(cards[0])), ("x", Value::Null)])
            .of("id_card", Value::Null),
        Values::of_texts(goods[0], goods[1], texts(goods[0], goods[1], "12345", "690", "7892"))
            .typed([(json!("978-7-111-00000-6"), 1), (json!("６９０１２３４５６７８９２"), 0)])
            .refused([(json!("6901234567893"), "barcode_check"), (json!("12"), "not_a_barcode")])
            .in_cells([(goods[0], 0), (goods[1], 1)])
            .from("long_text", [(goods[0], json!(goods[0])), ("12", Value::Null)])
            .of("barcode", json!({"format": "ean13"})),
    ]
}

fn documents_and_places() -> Vec<Row> {
    let red = "<p>Apfel <strong>rot</strong></p>";
    let hangzhou = json!({"lng": "120.160000", "lat": "30.250000", "address": "杭州"});
    let shanghai = json!({"lng": "121.473700", "lat": "31.230400", "address": "上海"});
    let around = json!({"center": {"lng": "121.4737", "lat": "31.2304"}, "radius": 500_000});
    let mut place = one_of(json!("30.25,120.16 杭州"), json!("31.2304,121.4737 上海"));
    place.extend([("contains", json!("杭"), "0"), ("not_contains", json!("杭"), "1n")]);
    let (bund, park) = ("上海市/上海市/黄浦区/人民大道1号", "广东省/深圳市/南山区/科技园");
    let by_the_bund =
        json!({"province": "上海市", "city": "上海市", "district": "黄浦区", "detail": "人民大道1号"});
    let in_the_park =
        json!({"province": "广东省", "city": "深圳市", "district": "南山区", "detail": "科技园"});
    let single = json!({"schema": {"type": "object", "maxProperties": 1}});
    let mut wrong_schema = single.clone();
    wrong_schema["schema"]["typ"] = json!("object");
    vec![
        Values::new(
            json!(red),
            json!("<p>Birne</p>"),
            ["Apfel rot", "Birne"],
            searched("apfel ROT", "apfel", "rot"),
        )
        .unsorted()
        .entered(json!("<P onclick=x>Apfel <b>rot</b><script>alert(1)</script></P>"))
        .typed([(json!("<p>Apfel <b style='x'>rot</b>"), 0)])
        .refused([(json!(5), "wrong_type"), (json!(format!("<p>{}</p>", "a".repeat(21))), "too_long")])
        .in_cells([(red, 0), ("<p>Birne</p>", 1)])
        .from("text", [("a < b", json!("<p>a &lt; b</p>"))])
        .of("rich_text", json!({"max_length": 20}))
        .bad([(json!({"min_length": 5, "max_length": 1}), "min_length", "min_over_max")]),
        Values::new(
            hangzhou.clone(),
            shanghai,
            ["杭州 (30.250000,120.160000)", "上海 (31.230400,121.473700)"],
            place,
        )
        .entered(json!({"lng": 120.16, "lat": "30.25", "address": "杭州"}))
        .typed([(json!("30.25,120.16 杭州"), 0), (json!("30.25，120.16　杭州"), 0)])
        .refused([
            (json!({"lng": 200, "lat": 0}), "not_a_location"),
            (json!({"lng": 116.4, "lat": 39.9}), "too_far"),
            (json!({"lng": 120, "lat": 30, "height": 1}), "unknown_part"),
            (json!("nowhere"), "not_a_location"),
            (json!("120.16,30.25 杭州"), "latitude_first"),
        ])
        .in_cells([("30.25,120.16 杭州", 0), ("上海 (31.230400,121.473700)", 1)])
        .from("long_text", [("30.25,120.16 杭州", hangzhou), ("x", Value::Null)])
        .of("location", around)
        .bad([
            (json!({"radius": 5}), "center", "required"),
            (json!({"center": {"lng": 0, "lat": 91}}), "center", "not_a_location"),
        ]),
        Values::new(
            by_the_bund.clone(),
            in_the_park,
            ["上海市黄浦区人民大道1号", "广东省深圳市南山区科技园"],
            texts(bund, park, "黄浦区人民", "上海市黄浦", "1号"),
        )
        .typed([
            (json!("上海市黄浦区人民大道1号"), 0),
            (json!("广东省 深圳市 南山区 科技园"), 1),
            (json!("深圳市南山区科技园"), 1),
        ])
        .refused([
            (json!({"city": "深圳市"}), "address_gap"),
            (json!({"province": "广东省", "city": "巴黎市"}), "unknown_region"),
            (json!({"province": "广东省", "street": "x"}), "unknown_part"),
            (json!(5), "wrong_type"),
        ])
        .in_cells([("上海市黄浦区人民大道1号", 0), (park, 1)])
        .from("long_text", [("上海市黄浦区人民大道1号", by_the_bund), ("nowhere", Value::Null)])
        .of("address", json!({"regions": "base/cn"}))
        .bad([
            (json!({"regions": "base/none"}), "regions", "unknown_regions"),
            (json!({"regions": "none"}), "regions", "unknown_regions"),
        ]),
        Values::new(
            json!({"a": 1}),
            json!({"b": [true]}),
            ["{\"a\":1}", "{\"b\":[true]}"],
            searched("A\":", "{\"a", ":1}"),
        )
        .unsorted()
        .typed([(json!("{ \"a\": 1 }"), 0)])
        .refused([
            (json!("x"), "not_json"),
            (json!("{\"a\": 1, \"a\": 2}"), "member_twice"),
            (json!({"a": 1, "b": 2}), "schema"),
            (json!([1]), "schema"),
        ])
        .in_cells([("{\"a\": 1}", 0), ("{\"b\":[true]}", 1)])
        .from("text", [("{\"a\": 1}", json!({"a": 1})), ("[1]", Value::Null), ("x", Value::Null)])
        .of("json", single)
        .bad([(wrong_schema, "schema/typ", "unknown_keyword")]),
    ]
}

fn laid_out() -> Vec<Row> {
    vec![
        Row::laid_out("query", json!({"form": "target", "columns": ["name"], "limit": 5})).bad([
            (json!({"form": "nowhere"}), "form", "unknown_form"),
            (json!({"form": "target", "limit": 0}), "limit", "too_small"),
        ]),
        Row::laid_out("divider", Value::Null),
        Row::laid_out("note", json!({"text": "Say what it is."})).bad([(json!({}), "text", "label_missing")]),
        Row::laid_out("tabs", json!({"tabs": [{"label": "One", "fields": ["name"]}]})).bad([
            (json!({"tabs": []}), "tabs", "required"),
            (json!({"tabs": [{"label": "One", "fields": ["gone"]}]}), "tabs/0/fields/0", "unknown_field"),
        ]),
    ]
}
