//! Claim: directions alone show a function's structure, whatever monotone function is around it.

use crate::support;

use closedform::Directions;
use closedform::search::Relation;
use support::directions_of;

/// What is found, as relation and variables counted from 1.
fn found(directions: &Directions) -> Vec<(Relation, Vec<usize>)> {
    let findings = directions.structure(0).findings.into_iter();
    findings
        .filter(|finding| finding.confidence > 0.9)
        .map(|finding| {
            (
                finding.relation,
                finding.variables.iter().map(|v| v + 1).collect(),
            )
        })
        .collect()
}

#[test]
fn pairs_are_found_as_what_they_occur_as() {
    use Relation::{Difference, Product, Ratio, Sum};
    for (formula, relation) in [
        ("exp(x1 + x2)*x3 + x3**3", Sum),
        ("sin(x1 - x2) + x3**2*(x1 - x2)", Difference),
        ("exp(x1*x2/2)/x3 + x3", Product),
        ("sin(x1/x2) + x3*x1/x2", Ratio),
    ] {
        let given = directions_of(formula, &[(0.5, 2.0); 3], 1000, 3);
        let pairs = found(&given)
            .into_iter()
            .filter(|(relation, _)| *relation != Relation::Group);
        assert_eq!(
            pairs.collect::<Vec<_>>(),
            [(relation, vec![1, 2])],
            "{formula}"
        );
    }
}

#[test]
fn a_variable_without_influence_is_named_and_left_out_of_groups() {
    let given = directions_of("x1**2 + sin(x2*x3)", &[(0.5, 2.0); 4], 1000, 3);
    let expected = [
        (Relation::Irrelevant, vec![4]),
        (Relation::Product, vec![2, 3]),
    ];
    assert_eq!(found(&given)[..2], expected);
    assert!(
        found(&given)[1..]
            .iter()
            .all(|(_, variables)| !variables.contains(&4))
    );
}

#[test]
fn a_monotone_function_around_it_changes_nothing_that_is_said() {
    let plain = directions_of("x1 - x2 + sin(x3)", &[(-1.0, 1.0); 3], 500, 3);
    let falling = directions_of("exp(-3*(x1 - x2 + sin(x3)))", &[(-1.0, 1.0); 3], 500, 3);
    assert_eq!(found(&plain), found(&falling));
    assert_eq!(found(&plain)[0], (Relation::Difference, vec![1, 2]));
}

#[test]
fn nothing_is_claimed_where_every_pair_depends_on_the_rest() {
    let given = directions_of("x1*x2 + x2*x3**2 + sin(x1*x3)", &[(0.5, 2.0); 3], 1000, 3);
    assert_eq!(found(&given), []);
}

#[test]
fn noise_is_measured_and_does_not_hide_a_difference() {
    let clean = directions_of("sin(x1 - x2) + x3**2", &[(-1.0, 1.0); 3], 1000, 3);
    // A rotation of up to 5 degrees that differs from point to point.
    let rows = clean.unit_gradients().chunks_exact(3).enumerate();
    let noisy = rows.flat_map(|(row, g)| {
        let wobble = |k: usize| 0.08 * ((row * (7 + k)) as f64 * 1.7).sin();
        [g[0] + wobble(0), g[1] + wobble(1), g[2] + wobble(2)]
    });
    let noisy = Directions::from_gradients(clean.points().clone(), noisy.collect());
    let structure = noisy.unwrap().structure(0);
    let finding = &structure.findings[0];
    assert_eq!(
        (finding.relation, &finding.variables[..]),
        (Relation::Difference, &[0, 1][..])
    );
    assert!(finding.noise > 1e-4);
}
