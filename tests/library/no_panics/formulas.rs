//! Formulas: values, notation, constraints, units, complexity.

use crate::odd::{formula, names, number, numbers, size, text};
use crate::support::{OPERATORS, cases, custom_operators};
use closedform::formula::{
    Columns, Complexity, Constraints, Evaluator, Inside, Nesting, Tape, Template, Unit, UnitPolicy,
    Units,
};
use closedform::{Expression, Operator};
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn values_and_notation_of_any_formula(
        formula in formula(),
        point in numbers(4),
        names in names(4),
        n in size(),
    ) {
        formula.value(&point);
        let (_, gradient) = formula.value_and_gradient(&point);
        assert_eq!(gradient.len(), point.len());
        let _ = formula.check_features(n);
        formula.complexity();
        formula.to_string();
        formula.to_formula(&names);
        formula.to_latex(&names);
        formula.to_mathml(&names);
    }

    #[test]
    fn tapes_over_any_columns(
        formula in formula(),
        columns in prop::collection::vec(numbers(20), 0..4),
        even in (0..4_usize, 0..200_usize, number()),
        constant in size(),
    ) {
        let (n_features, n_samples, value) = even;
        let even = vec![vec![value; n_samples]; n_features];
        let mut tape = Tape::new(&formula);
        let mut evaluator = Evaluator::new();
        for columns in [Columns::new(columns), Columns::new(even)].into_iter().flatten() {
            evaluator.values(&tape, &columns);
            evaluator.gradients(&tape, &columns).is_finite();
            evaluator.sensitivity(&tape, constant, &columns);
            tape.constants_mut().fill(value);
        }
    }

    #[test]
    fn operators_with_any_number_of_arguments(
        arguments in prop::collection::vec(formula(), 0..4),
        name in text(),
    ) {
        for operator in [OPERATORS, &custom_operators()].concat() {
            let result = Expression::apply(operator, arguments.clone());
            assert_eq!(result.is_ok(), arguments.len() == operator.arity());
        }
        let _ = Operator::parse_list(&name);
        let _ = Operator::unary(&name, f64::sin, f64::cos);
    }

    #[test]
    fn texts_read_as_formulas_constraints_and_units(text in text(), names in names(4)) {
        let _ = Expression::parse(&text, &names);
        let _ = text.parse::<Expression>();
        let _ = Complexity::parse(&text);
        let _ = Nesting::parse(&text);
        let _ = Inside::parse(&text, &names);
        let _ = Template::parse(&text, &names);
        let _ = Unit::parse(&text);
        let _ = Units::parse_list(&text, &names);
        let _ = UnitPolicy::parse(&text);
    }

    #[test]
    fn constraints_on_any_formula(
        formula in formula(),
        limits in (prop::option::of(size()), prop::option::of(size()), size()),
        parts in prop::collection::vec(prop::collection::vec(size(), 0..3), 0..3),
        is_product in any::<bool>(),
    ) {
        let parts: Vec<&[usize]> = parts.iter().map(Vec::as_slice).collect();
        let constraints = Constraints {
            max_depth: limits.0,
            max_terms: limits.1,
            nesting: vec![Nesting { outer: Operator::Exp, inner: Operator::Sin, max: limits.2 }],
            inside: vec![Inside { operator: Operator::Sin, variables: parts.concat() }],
            template: Some(if is_product {
                Template::product(&parts)
            } else {
                Template::sum(&parts)
            }),
        };
        constraints.allows(&formula);
        let complexity = Complexity { variable: limits.2, constant: limits.2, ..Complexity::default() };
        complexity.of(&formula);
    }

    #[test]
    fn units_of_any_formula(
        formula in formula(),
        units in prop::collection::vec(prop::sample::select(UNITS.to_vec()), 0..4),
        names in names(4),
    ) {
        let features: Vec<Unit> = units.iter().map(|unit| Unit::parse(unit).unwrap()).collect();
        let target = features.first().cloned();
        for policy in [UnitPolicy::Exclude, UnitPolicy::Penalize(usize::MAX)] {
            let units = Units { target: target.clone(), policy, ..Units::new(features.clone()) };
            units.unit_of(&formula, &names).to_string();
        }
    }
}

const UNITS: [&str; 5] = ["1", "m", "kg*m/s^2", "s^(1/2)", "K^-3"];
