//! Units of columns and formulas.

use crate::command;
use crate::support;

use closedform::formula::{ConstantUnits, FormulaUnit, Unit, UnitPolicy, Units};
use closedform::search::{DirectionObjective, LabelLoss};
use closedform::{
    Dataset, Expression, LabelObjective, Operator, ParetoFront, Points, SearchOptions,
    SearchResult, ValueObjective, progress, search, search_for,
};
use command::Run;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use support::{assert_refused, cases, directions_of, expressions, names};

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap()
}

fn of_features(list: &str, features: &[String]) -> Units {
    Units::new(Units::parse_list(list, features).unwrap())
}

fn with(features: &[String], list: &str, target: &str, constants: ConstantUnits) -> Units {
    Units {
        target: Some(unit(target)),
        constants,
        ..of_features(list, features)
    }
}

fn named(list: &str) -> Vec<String> {
    list.split(' ').map(String::from).collect()
}

fn options(operators: &str, units: Option<Units>) -> SearchOptions {
    SearchOptions {
        operators: Operator::parse_list(operators).unwrap(),
        units,
        ..SearchOptions::default()
    }
}

/// Random points of a box with a formula's values, each off by a random share of its size.
fn values(formula: &str, features: &[String], n: usize, noise: f64) -> ValueObjective {
    let truth = Expression::parse(formula, features).unwrap();
    let sides = vec![(1.0, 4.0); features.len()];
    let data = Dataset::from_function(&sides, n, 1, |x| truth.value(x)).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let noisy = data
        .targets()
        .iter()
        .map(|y| y * (1.0 + noise * rng.random_range(-1.0..1.0)));
    let noisy = noisy.collect();
    let points = Points::new(features.to_vec(), data.points().to_vec()).unwrap();
    ValueObjective::new(&points, noisy).unwrap()
}

fn assert_all_consistent(front: &ParetoFront, units: &Units) {
    assert!(!front.candidates().is_empty());
    for candidate in front.candidates() {
        let formula = front.formula(candidate);
        let own = units.unit_of(&candidate.expression, front.feature_names());
        assert!(
            !matches!(own, FormulaUnit::Inconsistent(_)),
            "{formula}: {own:?}"
        );
        assert_eq!(front.unit(candidate), Some(own), "{formula}");
    }
}

/// The largest error of the chosen formula on fresh points, as a share of the truth.
fn error(found: &SearchResult, truth: &str) -> f64 {
    let features = found.front.feature_names();
    let truth = Expression::parse(truth, features).unwrap();
    let fresh = Dataset::from_function(&vec![(1.0, 4.0); features.len()], 300, 9, |_| 0.0).unwrap();
    let best = &found.front.best().unwrap().expression;
    let rows = fresh.points().chunks(features.len());
    let errors = rows.map(|x| (best.value(x) / truth.value(x) - 1.0).abs());
    errors.fold(0.0, f64::max)
}

#[test]
fn units_are_read_in_the_ways_people_write_them() {
    let equal = [
        ("N", "kg*m/s^2"),
        ("kg m s^-2", "kg*m/s^2"),
        ("J", "kg*m**2/s**2"),
        ("W*s", "J"),
        ("Pa", "N/m^2"),
        ("V", "kg*m^2/(A*s^3)"),
        ("V/A", "Ohm"),
        ("C", "A s"),
        ("Hz", "1/s"),
        ("J/(mol*K)", "J/mol/K"),
        ("(m/s)^2", "m^2/s^2"),
        ("m^(1/2)*m^(1/2)", "m"),
        ("m/m", "1"),
        ("rad", "1"),
        ("usd/people/usd", "people^-1"),
    ];
    for (one, other) in equal {
        assert_eq!(unit(one), unit(other), "{one} and {other}");
    }
    assert_ne!(unit("N*m"), unit("N"));
}

#[test]
fn units_are_written_in_base_units() {
    let cases = [
        ("N", "kg*m/s^2"),
        ("V", "kg*m^2/(A*s^3)"),
        ("Hz", "1/s"),
        ("1", "1"),
        ("m^(-1/2)", "1/m^(1/2)"),
        ("usd/people", "usd/people"),
    ];
    for (text, written) in cases {
        assert_eq!(unit(text).to_string(), written);
    }
}

#[test]
fn what_is_no_unit_is_refused_with_its_place() {
    let cases = [
        ("m//s", "\"/s\" can't be read"),
        ("", "ends too early"),
        ("m^", "ends too early"),
        ("m^x", "\"x\" can't be read"),
        ("m^(1/0)", "exponents such as"),
        ("(m*s", "a ) for every ("),
        ("3*m", "\"3*m\" can't be read"),
        ("m2", "m^2"),
        ("m^4000000000", "exponents such as"),
        ("(m^2000000000)^2", "smaller exponents"),
        ("m+s", "\"+s\" can't be read"),
    ];
    for (text, words) in cases {
        assert_refused(
            Unit::parse(text),
            &["unit is", &format!("\"{text}\""), words],
        );
    }
}

fn powers() -> impl Strategy<Value = Unit> {
    let symbol = prop::sample::select(vec!["m", "kg", "s", "A", "K", "usd", "people"]);
    let power = (symbol, -4_i32..=4, 1_i32..=3);
    let text = power.prop_map(|(symbol, above, below)| format!("{symbol}^({above}/{below})"));
    prop::collection::vec(text, 0..5).prop_map(|powers| {
        unit(
            &std::iter::once("1".to_string())
                .chain(powers)
                .collect::<Vec<_>>()
                .join("*"),
        )
    })
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_unit_is_read_back_as_it_was_written(unit in powers()) {
        prop_assert_eq!(Unit::parse(&unit.to_string()).unwrap(), unit);
    }

    /// Units agree just where the scales of the base units make no difference: in other scales a
    /// formula of unit U changes by the factor of U, whatever the point.
    #[test]
    fn consistent_formulas_scale_as_their_units_say(
        formula in expressions(),
        point in prop::collection::vec(0.3..2.0_f64, 3),
    ) {
        let units = Units {
            constants: ConstantUnits::Dimensionless,
            ..of_features("m, s, m/s", &names(3))
        };
        let FormulaUnit::Known(own) = units.unit_of(&formula, &names(3)) else {
            return Ok(());
        };
        // Metres in units of 1/2, seconds in those of 1/3.
        let scale = |unit: &Unit| {
            let text = unit.to_string();
            let mut depth = 0;
            let bar = text.find(|c: char| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                c == '/' && depth == 0
            });
            let (above, below) = bar.map_or((text.as_str(), "1"), |bar| (&text[..bar], &text[bar + 1..]));
            let side = |side: &str| -> f64 {
                let powers = side.trim_matches(['(', ')']).split('*');
                powers.map(|power| {
                    let (symbol, exponent) = power.split_once('^').unwrap_or((power, "1"));
                    let exponent = exponent.trim_matches(['(', ')']);
                    let (n, d) = exponent.split_once('/').unwrap_or((exponent, "1"));
                    let exponent = n.parse::<f64>().unwrap() / d.parse::<f64>().unwrap();
                    let factor: f64 = match symbol { "m" => 2.0, "s" => 3.0, _ => 1.0 };
                    factor.powf(exponent)
                }).product()
            };
            side(above) / side(below)
        };
        let there = [2.0 * point[0], 3.0 * point[1], 2.0 / 3.0 * point[2]];
        let (here, there) = (formula.value(&point), formula.value(&there));
        let expected = here * scale(&own);
        if here.is_finite() && here.abs() < 1e6 && here.abs() > 1e-6 && support::is_tame(&formula, &point) {
            prop_assert!((there / expected - 1.0).abs() < 1e-6, "{formula} in {own}: {there} {expected}");
        }
    }
}

/// Formula, features, their units; the unit with free constants and with plain ones.
const PHYSICS: &[(&str, &str, &str, &str, &str)] = &[
    ("m*c**2", "m c", "kg, m/s", "J", "J"),
    (
        "G*m1*m2/r**2",
        "G m1 m2 r",
        "m^3/(kg*s^2), kg, kg, m",
        "N",
        "N",
    ),
    (
        "6.67e-11*m1*m2/r**2",
        "m1 m2 r",
        "kg, kg, m",
        "any",
        "kg^2/m^2",
    ),
    ("2*pi*sqrt(l/g)", "l g", "m, m/s^2", "any", "s"),
    ("sqrt(l/g)", "l g", "m, m/s^2", "s", "s"),
    ("exp(-t/tau)", "t tau", "s, s", "1", "1"),
    ("exp(-t)", "t", "s", "inconsistent", "inconsistent"),
    ("exp(-0.5*t)", "t", "s", "1", "inconsistent"),
    ("q*(E + v*B)", "q E v B", "C, V/m, m/s, T", "N", "N"),
    ("m*v**2/2 + m*g*h", "m v g h", "kg, m/s, m/s^2, m", "J", "J"),
    ("v**2 + 9.81*h", "v h", "m/s, m", "m^2/s^2", "inconsistent"),
    (
        "2*v**2/2 + h",
        "v h",
        "m/s, m",
        "inconsistent",
        "inconsistent",
    ),
    ("v**2 + h", "v h", "m/s, m", "inconsistent", "inconsistent"),
    ("m/sqrt(1 - v**2/c**2)", "m v c", "kg, m/s, m/s", "kg", "kg"),
    (
        "sqrt(p**2*c**2 + m**2*c**4)",
        "p c m",
        "kg*m/s, m/s, kg",
        "J",
        "J",
    ),
    ("x1*sin(w*t)", "x1 w t", "m, 1/s, s", "m", "m"),
    ("n*R*T/V", "n R T V", "mol, J/(mol*K), K, m^3", "Pa", "Pa"),
    ("max(x, 0)", "x", "m", "m", "m"),
    ("max(x, 1)", "x", "m", "inconsistent", "inconsistent"),
    ("abs(x) - x", "x", "m", "m", "m"),
    ("1/x + 1/y", "x y", "m, m", "1/m", "1/m"),
    ("atan(y/x)", "x y", "m, m", "1", "1"),
    ("m**0.75", "m", "kg", "kg^(3/4)", "kg^(3/4)"),
    ("(x/y)**1.37", "x y", "m, m", "1", "1"),
    ("y/x**(2/3)", "x y", "m^3, s", "s/m^2", "s/m^2"),
    ("2**x", "x", "m", "inconsistent", "inconsistent"),
    (
        "usd/people",
        "usd people",
        "usd, people",
        "usd/people",
        "usd/people",
    ),
];

#[test]
fn formulas_of_physics_have_the_units_of_the_textbook() {
    for (formula, features, list, free, plain) in PHYSICS {
        let features = named(features);
        let expression = Expression::parse(formula, &features).unwrap();
        for (constants, expected) in [
            (ConstantUnits::Free, free),
            (ConstantUnits::Dimensionless, plain),
        ] {
            let units = Units {
                constants,
                ..of_features(list, &features)
            };
            let expected = match *expected {
                "any" | "inconsistent" => expected.to_string(),
                known => unit(known).to_string(),
            };
            let own = units.unit_of(&expression, &features);
            assert_eq!(
                own.to_string(),
                expected,
                "{formula}, {constants:?}: {own:?}"
            );
        }
    }
}

#[test]
fn an_inconsistent_formula_names_the_place_and_both_units() {
    let features = named("x t");
    let reason = |formula: &str, target: Option<&str>| {
        let units = Units {
            target: target.map(unit),
            ..of_features("m, s", &features)
        };
        match units.unit_of(&Expression::parse(formula, &features).unwrap(), &features) {
            FormulaUnit::Inconsistent(reason) => reason,
            consistent => panic!("{formula} is in {consistent}"),
        }
    };
    assert_eq!(
        reason("2*x*(x + t)", None),
        "in t + x, x has the unit m and t has the unit s"
    );
    assert_eq!(
        reason("x*exp(t)", None),
        "in exp(t), t has the unit s, but must be a plain number"
    );
    assert_eq!(
        reason("x/t", Some("kg")),
        "the formula has the unit m/s, but the target has the unit kg"
    );
}

#[test]
fn operators_of_the_users_take_and_give_plain_numbers() {
    let [softplus, _] = support::custom_operators();
    let units = of_features("m, m", &names(2));
    let x = Expression::variable;
    let ratio = Expression::apply(softplus, vec![x(0) / x(1)]).unwrap();
    assert_eq!(
        units.unit_of(&ratio, &names(2)),
        FormulaUnit::Known(Unit::none())
    );
    let length = units.unit_of(&Expression::apply(softplus, vec![x(0)]).unwrap(), &names(2));
    assert!(matches!(length, FormulaUnit::Inconsistent(_)));
}

#[test]
fn lists_of_units_are_read_in_order_and_by_name() {
    let features = named("x t n");
    let in_order = Units::parse_list("m, s, 1", &features).unwrap();
    assert_eq!(in_order, [unit("m"), unit("s"), Unit::none()]);
    assert_eq!(
        Units::parse_list("n=1,t=s , x=m", &features).unwrap(),
        in_order
    );
    let refused = |list: &str, words: &[&str]| {
        assert_refused(Units::parse_list(list, &features), words);
    };
    refused("m,s", &["a list of 2", "each of the 3 features x, t, n"]);
    refused("m,s//,1", &["feature t", "\"s//\""]);
    refused("x=m,t=s", &["n has none", "n=1"]);
    refused("x=m,t=s,n=1,x=s", &["x has two"]);
    refused("x=m,t=s,u=1", &["\"u=1\"", "x, t, n"]);
    refused("x=m,s,n=1", &["\"s\"", "FEATURE=UNIT"]);
}

#[test]
fn multiples_of_one_unit_stand_alone_or_are_refused() {
    let objective = values("a*b", &named("a b"), 50, 0.0);
    let run = |list: &str| {
        let units = of_features(list, &named("a b"));
        let options = SearchOptions {
            n_generations: 0,
            ..options("+,*", Some(units))
        };
        search_for(&objective, &options, progress::silent)
    };
    for list in [
        "km, m", "kN, m", "mg, kg", "h, Hz", "min, h", "L, m^2", "mV, kA",
    ] {
        assert_refused(run(list), &["units is", "beside", "in one scale"]);
    }
    let found = run("km, km/h").unwrap();
    let best = found.front.best().unwrap();
    assert_eq!(found.front.unit(best).unwrap().to_string(), "km^2/h");
}

#[test]
fn a_law_with_distractors_is_found_from_few_noisy_values() {
    let features = named("m v g h t d");
    let truth = "m*v**2/2 + m*g*h";
    let objective = values(truth, &features, 15, 0.08);
    let list = "kg, m/s, m/s^2, m, s, kg/m^3";
    let units = with(&features, list, "J", ConstantUnits::Dimensionless);
    let with_units = SearchOptions {
        n_generations: 0,
        ..options("+,-,*,/,sin,exp", Some(units.clone()))
    };
    let found = search_for(&objective, &with_units, progress::silent).unwrap();
    assert_all_consistent(&found.front, &units);
    assert!(error(&found, truth) < 0.1, "{}", found.front);
}

#[test]
fn a_pendulum_is_found_with_units_from_values_that_are_too_few_without() {
    let features = named("l g m");
    let truth = "2*pi*sqrt(l/g)";
    let objective = values(truth, &features, 8, 0.02);
    let plain = ConstantUnits::Dimensionless;
    let units = with(&features, "m, m/s^2, kg", "s", plain);
    let run = |units: Option<Units>| {
        let options = SearchOptions {
            n_generations: 0,
            ..options("+,-,*,/,sqrt", units)
        };
        search_for(&objective, &options, progress::silent).unwrap()
    };
    let found = run(Some(units.clone()));
    assert_all_consistent(&found.front, &units);
    assert!(error(&found, truth) < 0.02, "{}", found.front);
    // It describes the points, and can't be right.
    let without = run(None);
    let chosen = without.front.best().unwrap();
    let own = units.unit_of(&chosen.expression, &features);
    assert!(
        matches!(own, FormulaUnit::Inconsistent(_)),
        "{}",
        without.front
    );
}

#[test]
fn constants_that_may_carry_units_do_and_the_front_says_so() {
    let features = named("v h t");
    let truth = "v**2/2 + 9.81*h";
    let objective = values(truth, &features, 60, 0.0);
    let units = with(&features, "m/s, m, s", "m^2/s^2", ConstantUnits::Free);
    let options = SearchOptions {
        n_generations: 0,
        ..options("+,-,*,/", Some(units.clone()))
    };
    let found = search_for(&objective, &options, progress::silent).unwrap();
    assert_all_consistent(&found.front, &units);
    assert!(error(&found, truth) < 1e-6, "{}", found.front);
    let text = found.front.to_string();
    assert!(
        text.starts_with("complexity       loss  unit     formula\n"),
        "{text}"
    );
    assert!(
        text.lines()
            .skip(1)
            .all(|line| line.contains("  m^2/s^2  ")),
        "{text}"
    );
}

#[test]
fn directions_give_formulas_of_one_unit_whichever_it_is() {
    for constants in [ConstantUnits::Free, ConstantUnits::Dimensionless] {
        let directions = directions_of("x1*x2 + x3**2", &[(0.5, 2.0); 4], 400, 0);
        let units = Units {
            constants,
            ..of_features("N, m, J^(1/2), s", &names(4))
        };
        let options = options("+,-,*,/,sin,exp", Some(units.clone()));
        let found = search(&directions, &options, progress::silent).unwrap();
        assert_all_consistent(&found.front, &units);
        let best = found.front.best().unwrap();
        assert_eq!(found.front.formula(best), "x1*x2 + x3**2");
        assert_eq!(found.front.unit(best), Some(FormulaUnit::Known(unit("J"))));
    }
}

#[test]
fn every_formula_of_a_front_agrees_with_the_units() {
    let cases = [
        ("x1*exp(-x2/x3)", "A, s, s, 1"),
        ("x1*x2/x3**2 + x4", "kg, N, m, kg^2/s^2/m"),
    ];
    for (formula, list) in cases {
        for constants in [ConstantUnits::Free, ConstantUnits::Dimensionless] {
            let units = Units {
                constants,
                ..of_features(list, &names(4))
            };
            let options = SearchOptions {
                n_generations: 2,
                max_complexity: Some(16),
                ..options("+,-,*,/,exp", Some(units.clone()))
            };
            let directions = directions_of(formula, &[(1.0, 2.0); 4], 200, 3);
            let directions = DirectionObjective::new(&directions);
            let found = search_for(&directions, &options, progress::silent).unwrap();
            assert_all_consistent(&found.front, &units);
            let values = values(formula, &names(4), 15, 0.1);
            let options = SearchOptions {
                n_generations: 2,
                max_complexity: Some(12),
                ..options
            };
            let found = search_for(&values, &options, progress::silent).unwrap();
            assert_all_consistent(&found.front, &units);
        }
    }
}

#[test]
fn thresholds_of_labels_are_in_the_unit_of_the_formula() {
    let label = |x: &[f64]| f64::from(u8::from(x[0] * x[1] + x[2] > 3.0));
    let data = Dataset::from_function(&[(0.0, 3.0); 3], 300, 0, label).unwrap();
    let objective = LabelObjective::from_dataset(&data, LabelLoss::Hinge).unwrap();
    let units = Units {
        constants: ConstantUnits::Dimensionless,
        ..of_features("m/s, s, m", &names(3))
    };
    let options = SearchOptions {
        n_generations: 0,
        ..options("+,*", Some(units))
    };
    let found = search_for(&objective, &options, progress::silent).unwrap();
    let best = found.front.best().unwrap();
    assert_eq!(found.front.unit(best), Some(FormulaUnit::Known(unit("m"))));
    let text = found.front.formula(best);
    assert!(text.contains("x1*x2") && text.contains("x3"), "{text}");
}

#[test]
fn inconsistent_formulas_that_are_penalized_cost_more_and_say_so() {
    let features = named("x y");
    let objective = values("x + y", &features, 60, 0.0);
    let of = |policy: UnitPolicy| Units {
        policy,
        ..with(&features, "m, s", "m", ConstantUnits::Dimensionless)
    };
    let run = |policy: UnitPolicy| {
        let options = options("+,-,*,/", Some(of(policy)));
        search_for(&objective, &options, progress::silent).unwrap()
    };
    let penalized = run(UnitPolicy::Penalize(7));
    let best = penalized.front.best().unwrap();
    assert_eq!(penalized.front.formula(best), "x + y");
    assert_eq!(best.complexity, best.expression.complexity() + 7);
    assert_eq!(
        penalized.front.unit(best).unwrap().to_string(),
        "inconsistent"
    );
    for candidate in penalized.front.candidates() {
        let own = candidate.complexity - candidate.expression.complexity();
        let is_inconsistent =
            penalized.front.unit(candidate).unwrap().to_string() == "inconsistent";
        assert_eq!(own, if is_inconsistent { 7 } else { 0 });
    }
    let excluded = run(UnitPolicy::Exclude);
    assert_all_consistent(&excluded.front, &of(UnitPolicy::Exclude));
}

#[test]
fn a_target_out_of_reach_is_refused_before_the_search() {
    let features = named("x y");
    let objective = values("x*y", &features, 30, 0.0);
    let run = |units: Units| {
        search_for(
            &objective,
            &options("+,-,*,/", Some(units)),
            progress::silent,
        )
    };
    let plain = ConstantUnits::Dimensionless;
    assert_refused(
        run(with(&features, "m, s", "kg", plain)),
        &["x (m), y (s)", "unit kg", "let them have units"],
    );
    assert!(run(with(&features, "m, s", "kg", ConstantUnits::Free)).is_ok());
    assert!(run(with(&features, "m, s", "m*s", plain)).is_ok());
    assert_refused(
        run(Units::new(vec![unit("m")])),
        &["units is a list of 1", "each of the 2 features"],
    );
    // Within reach of roots only, which aren't among the operators.
    assert_refused(
        run(with(&features, "m^2, s", "m", plain)),
        &["no formula whose units agree"],
    );
    let directions = directions_of("x1*x2", &[(1.0, 2.0); 2], 100, 0);
    let units = with(&names(2), "m, s", "m", ConstantUnits::Free);
    assert_refused(
        search(&directions, &options("+,*", Some(units)), progress::silent),
        &["the target's unit is m", "left out"],
    );
}

/// `F = m*a` beside a temperature, as a table.
fn table() -> String {
    let rows = (0..60).map(|i| {
        let (m, a, temperature) = (
            1.0 + f64::from(i % 7),
            0.5 + f64::from(i % 11),
            280 + i % 13,
        );
        format!("{m},{a},{temperature},{}\n", m * a)
    });
    std::iter::once("m,a,T,F\n".to_string())
        .chain(rows)
        .collect()
}

fn on_table(extra: &[&str]) -> Run {
    let arguments = [
        "search",
        "--data",
        "t.csv",
        "--target",
        "F",
        "--generations",
        "0",
    ];
    Run::on_file("t.csv", &table(), &[&arguments, extra].concat())
}

#[test]
fn the_command_line_shows_the_unit_of_every_formula() {
    let units = ["--units", "kg, m/s^2, K", "--target-unit", "N"];
    let report = on_table(&[&units[..], &["--dimensionless-constants", "--json"]].concat()).json();
    assert_eq!(report["unit"], "kg*m/s^2");
    assert_eq!(report["formula"], "a*m");
    let front = report["pareto_front"].as_array().unwrap();
    assert!(
        front.iter().all(|row| row["unit"] == "kg*m/s^2"),
        "{front:?}"
    );
    let shown = on_table(&units).stdout;
    assert!(shown.contains("loss  unit      formula"), "{shown}");
    assert!(shown.contains("\n  unit kg*m/s^2, loss "), "{shown}");
    let without = on_table(&["--json"]).json();
    assert!(without["unit"].is_null() && without["pareto_front"][0]["unit"].is_null());
    assert!(!on_table(&[]).stdout.contains("unit"));
    let by_name = on_table(&[
        "--units",
        "T=K,m=kg,a=m/s^2",
        "--inconsistent",
        "penalize=3",
        "--json",
    ]);
    assert_eq!(by_name.json()["unit"], "kg*m/s^2");
}

#[test]
fn the_command_line_refuses_units_that_say_nothing() {
    on_table(&["--units", "kg,m"]).assert_failed(&["a list of 2", "m, a, T"]);
    on_table(&["--units", "kg,m^^2,K"]).assert_failed(&["feature a", "\"m^^2\"", "\"^2\""]);
    on_table(&["--units", "kg,km,m"]).assert_failed(&["\"km\" beside \"m\""]);
    let unreachable = [
        "--units",
        "kg,m/s^2,K",
        "--target-unit",
        "A",
        "--dimensionless-constants",
    ];
    on_table(&unreachable).assert_failed(&["target's unit A", "T (K)"]);
    let labels = [
        "--units",
        "kg,m/s^2,K",
        "--target-unit",
        "A/",
        "--loss",
        "hinge",
    ];
    on_table(&labels).assert_wrong_usage(&["--target-unit", "ends too early"]);
    on_table(&["--target-unit", "N"]).assert_wrong_usage(&["--units"]);
    on_table(&["--units", "kg,m/s^2,K", "--inconsistent", "forbid"])
        .assert_wrong_usage(&["forbid", "exclude, penalize"]);
}

#[test]
fn constants_of_nature_are_named_by_their_digits_and_units() {
    // Rest energies, and the masses beside a column that has nothing to do with them.
    let rows = (1..60).map(|i| {
        let (mass, other) = (0.01 * f64::from(i), f64::from(i * 7 % 11));
        format!("{mass},{other},{}\n", mass * 299_792_458.0_f64.powi(2))
    });
    let table = format!("m,d,E\n{}", rows.collect::<String>());
    let energy = |extra: &[&str]| {
        let arguments = ["search", "--data", "t.csv", "--target", "E"];
        Run::on_file("t.csv", &table, &[&arguments, extra].concat())
    };
    let units = ["--units", "kg,m", "--target-unit", "J", "--json"];
    let named = energy(&[&units[..], &["--constants", "si"]].concat()).json();
    let constants = named["constants_of_nature"].as_array().unwrap();
    assert_eq!(constants.len(), 1, "{named}");
    assert_eq!(constants[0]["text"], "c**2");
    assert_eq!(constants[0]["value"], 299_792_458.0);
    assert_eq!(
        energy(&units).json()["constants_of_nature"],
        serde_json::json!([])
    );
    energy(&["--constants", "si"]).assert_failed(&["--units", "--target-unit"]);
}
