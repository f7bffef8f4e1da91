//! Taylor series of activations: against values derived by hand, against numbers of high
//! precision, and where they hold.

use crate::support;

use closedform::polynomial::TaylorSeries;
use closedform::{Activation, Polynomial};
use proptest::prelude::*;
use std::f64::consts::{E, FRAC_PI_2, LN_2, PI};
use support::{assert_refused, cases};

/// Those that are analytic on the whole line.
const ANALYTIC: [Activation; 7] = [
    Activation::Exp,
    Activation::Linear,
    Activation::Sigmoid,
    Activation::Silu,
    Activation::Sin,
    Activation::Softplus,
    Activation::Tanh,
];

fn series(activation: Activation, center: f64, order: usize) -> TaylorSeries {
    TaylorSeries::new(activation, center, order).unwrap()
}

fn assert_coefficients(activation: Activation, center: f64, expected: &[f64]) {
    let found = series(activation, center, expected.len() - 1);
    for (n, (found, expected)) in found.coefficients().iter().zip(expected).enumerate() {
        let error = (found - expected).abs();
        assert!(error <= 1e-15, "{activation} {n}: {found} {expected}");
    }
}

#[test]
fn coefficients_are_those_derived_by_hand() {
    let tanh = [
        0.0,
        1.0,
        0.0,
        -1.0 / 3.0,
        0.0,
        2.0 / 15.0,
        0.0,
        -17.0 / 315.0,
    ];
    assert_coefficients(Activation::Tanh, 0.0, &tanh);
    let sigmoid = [0.5, 0.25, 0.0, -1.0 / 48.0, 0.0, 1.0 / 480.0];
    assert_coefficients(Activation::Sigmoid, 0.0, &sigmoid);
    let softplus = [LN_2, 0.5, 0.125, 0.0, -1.0 / 192.0, 0.0, 1.0 / 2880.0];
    assert_coefficients(Activation::Softplus, 0.0, &softplus);
    let silu = [0.0, 0.5, 0.25, 0.0, -1.0 / 48.0, 0.0, 1.0 / 480.0];
    assert_coefficients(Activation::Silu, 0.0, &silu);
    let sin = [0.0, 1.0, 0.0, -1.0 / 6.0, 0.0, 1.0 / 120.0];
    assert_coefficients(Activation::Sin, 0.0, &sin);
    assert_coefficients(
        Activation::Sin,
        FRAC_PI_2,
        &[1.0, 0.0, -0.5, 0.0, 1.0 / 24.0],
    );
    assert_coefficients(Activation::Exp, 1.0, &[E, E, E / 2.0, E / 6.0]);
    assert_coefficients(Activation::Linear, 0.7, &[0.7, 1.0, 0.0, 0.0]);
    // t = tanh(a): the derivatives are 1 - t^2 and -2 t (1 - t^2).
    let t = 0.3_f64.tanh();
    let slope = 1.0 - t * t;
    assert_coefficients(Activation::Tanh, 0.3, &[t, slope, -t * slope]);
}

/// Coefficients 0, 1, 2, 5, 10, 20 and 30, by mpmath 1.3:
/// `mp.dps = 120; c = taylor(f, mpf(center), 30); float(c[n])`.
#[test]
fn coefficients_agree_with_numbers_of_high_precision() {
    #[rustfmt::skip]
    let references = [
        (Activation::Tanh, 0.7, [0.6043677771171635, 0.6347395899824586, -0.38361615504595825, -0.06252940908125022, 0.0051144491439767134, 1.3225604630294665e-05, -4.1813430559415336e-08]),
        (Activation::Tanh, -3.0, [-0.9950547536867305, 0.00986603716544019, 0.009817247181521218, 0.001219093279835606, -1.6661961978147357e-06, 1.1443656369086962e-11, 5.5149663379761026e-17]),
        (Activation::Sigmoid, 0.7, [0.6681877721681662, 0.22171287329310904, -0.037289394220170906, 0.00045710835613526013, -3.472861594439491e-06, -4.338784814356542e-11, -1.7955616358755828e-16]),
        (Activation::Sigmoid, -3.0, [0.04742587317756678, 0.04517665973091213, 0.02044578733047174, -4.155805513861092e-05, 1.6586874315533788e-07, 2.3876881823007215e-14, -3.3544119279849745e-20]),
        (Activation::Softplus, 0.7, [1.103186048885458, 0.6681877721681662, 0.11085643664655452, 0.0010320178435131938, -9.76005067327735e-07, 2.2605529797018584e-12, 3.7560426267856265e-17]),
        (Activation::Softplus, -3.0, [0.04858735157374206, 0.04742587317756678, 0.022588329865456065, 0.00015602864674266577, 1.9078220581289953e-08, 1.5649025964577482e-14, -3.105192948897759e-21]),
        (Activation::Silu, 0.7, [0.46773144051771626, 0.8233867834733425, 0.1956102973389894, 0.005480065066860652, -1.2191053789384993e-05, 1.483956589354138e-11, 1.0011234735243972e-15]),
        (Activation::Silu, -3.0, [-0.14227761953270035, -0.08810410601516962, -0.016160702260503087, 0.0009048173991291616, -3.068240236531141e-07, 2.4134987382252804e-13, 7.476569372616449e-21]),
        (Activation::Sin, 0.7, [0.644217687237691, 0.7648421872844884, -0.3221088436188455, 0.006373684894037403, -1.7752912456946954e-07, 2.647939313102486e-19, -2.4286927111504895e-33]),
        (Activation::Sin, -3.0, [-0.1411200080598672, -0.9899924966004454, 0.0705600040299336, -0.008249937471670379, 3.8888891109972226e-08, -5.80048056130427e-20, 5.3202068456410036e-34]),
        (Activation::Exp, 0.7, [2.0137527074704766, 2.0137527074704766, 1.0068763537352383, 0.016781272562253972, 5.54936261979298e-07, 8.277163242508486e-19, 7.591822794658233e-33]),
        (Activation::Elu, -0.5, [-0.3934693402873666, 0.6065306597126334, 0.3032653298563167, 0.005054422164271945, 1.6714359008835798e-07, 2.493033659695991e-19, 2.2866130836141777e-33]),
        (Activation::Elu, -3.0, [-0.950212931632136, 0.049787068367863944, 0.024893534183931972, 0.0004148922363988662, 1.3719981362396368e-08, 2.0464066452547877e-20, 1.8769663182185877e-34]),
    ];
    for (activation, center, expected) in references {
        let found = series(activation, center, 30);
        for (n, expected) in [0, 1, 2, 5, 10, 20, 30].into_iter().zip(expected) {
            // A coefficient may be small beside its neighbours, of whose rounding it has a share.
            let size = found.coefficients()[n]
                .abs()
                .max(found.radius().min(2.0).powi(-(n as i32)) * 1e-9);
            let error = (found.coefficients()[n] - expected).abs() / size;
            assert!(
                error < 1e-13,
                "{activation} around {center}, {n}: {error:.1e}"
            );
        }
    }
}

#[test]
fn far_from_zero_no_digits_are_lost() {
    // tanh(20 + h): the slope is 4 exp(-40) up to a share of exp(-40).
    let slope = series(Activation::Tanh, 20.0, 3).coefficients()[1];
    assert!((slope / (4.0 * (-40.0_f64).exp()) - 1.0).abs() < 1e-14);
    for activation in ANALYTIC {
        let found = series(activation, -800.0, 30);
        assert!(
            found.coefficients().iter().all(|c| c.is_finite()),
            "{activation}"
        );
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn a_series_follows_its_activation_near_the_center(center in -4.0..4.0_f64, step in -0.5..0.5_f64) {
        for activation in ANALYTIC {
            let (found, u) = (series(activation, center, 30), center + step);
            let error = (found.value(u) - activation.value(u)).abs();
            prop_assert!(error < 1e-12 * (1.0 + activation.value(u).abs()), "{activation}: {error:.1e}");
        }
    }

    #[test]
    fn nothing_exceeds_a_proven_bound(
        center in -3.0..3.0_f64, low in -2.0..0.0_f64, length in 0.0..2.0_f64, order in 1..20_usize,
    ) {
        prop_assume!(center != 0.0);
        for activation in ANALYTIC.into_iter().chain([Activation::Elu]) {
            let found = series(activation, center, order);
            let remainder = found.remainder(center + low, center + low + length).unwrap();
            if let Some(bound) = remainder.bound {
                prop_assert!(
                    remainder.measured <= bound * (1.0 + 1e-9) + 1e-13 * center.abs().exp(),
                    "{activation} around {center}, order {order}: {remainder:?}"
                );
            }
        }
    }

    #[test]
    fn a_composed_series_is_the_series_of_the_potential(
        center in -2.0..2.0_f64, bias in -1.0..1.0_f64, w in prop::collection::vec(-1.0..1.0_f64, 2),
        x in prop::collection::vec(-1.0..1.0_f64, 2),
    ) {
        let terms = vec![(vec![], bias), (vec![1], w[0]), (vec![2], w[1]), (vec![1, 2], 0.3)];
        let potential = Polynomial::from_terms(2, terms).unwrap();
        let u = potential.values(&x).unwrap()[0];
        for activation in ANALYTIC {
            let found = series(activation, center, 6);
            let composed = found.composed(&potential, 12);
            let value = composed.values(&x).unwrap()[0];
            prop_assert!((value - found.value(u)).abs() < 1e-11, "{activation}");
            prop_assert_eq!(found.composed(&potential, 3).order(), composed.truncated(3).order());
        }
    }
}

#[test]
fn bounds_are_close_to_what_they_bound() {
    // Between 1 and 100 times the measured difference on [-1/2, 1/2], at order 8.
    for activation in [
        Activation::Sigmoid,
        Activation::Silu,
        Activation::Sin,
        Activation::Exp,
    ] {
        let found = series(activation, 0.2, 8).remainder(-0.5, 0.5).unwrap();
        let bound = found.bound.unwrap();
        assert!(bound < 100.0 * found.measured, "{activation}: {found:?}");
    }
    assert!(
        series(Activation::Tanh, 0.0, 8)
            .remainder(-2.0, 2.0)
            .unwrap()
            .bound
            .is_none()
    );
    assert_eq!(
        series(Activation::Linear, 0.0, 1)
            .remainder(-9.0, 9.0)
            .unwrap()
            .bound,
        Some(0.0)
    );
}

#[test]
fn a_series_converges_within_its_radius_and_not_beyond() {
    for (activation, center) in [
        (Activation::Tanh, 0.0),
        (Activation::Tanh, 1.0),
        (Activation::Sigmoid, -2.0),
        (Activation::Softplus, 0.5),
        (Activation::Silu, 0.0),
    ] {
        let error = |order: usize, share: f64| {
            let found = series(activation, center, order);
            let u = center + share * found.radius();
            (found.value(u) - activation.value(u)).abs()
        };
        assert!(error(30, 0.8) < 0.1 * error(12, 0.8), "{activation}");
        assert!(error(30, 1.3) > 5.0 * error(12, 1.3), "{activation}");
    }
    let radius = |activation, center| series(activation, center, 5).radius();
    assert_eq!(radius(Activation::Tanh, 0.0), FRAC_PI_2);
    assert!((radius(Activation::Tanh, 2.0) - (4.0 + PI * PI / 4.0).sqrt()).abs() < 1e-15);
    for activation in [Activation::Sigmoid, Activation::Softplus, Activation::Silu] {
        assert_eq!(radius(activation, 0.0), PI);
        assert!((radius(activation, -3.0) - (9.0 + PI * PI).sqrt()).abs() < 1e-15);
    }
    assert_eq!(radius(Activation::Elu, -1.5), 1.5);
    for activation in [Activation::Exp, Activation::Sin, Activation::Linear] {
        assert_eq!(radius(activation, 1.0), f64::INFINITY);
    }
}

#[test]
fn elu_is_described_on_the_side_of_its_center() {
    assert_coefficients(Activation::Elu, 2.0, &[2.0, 1.0, 0.0, 0.0]);
    let left = series(Activation::Elu, -1.0, 20);
    assert!(left.remainder(-2.0, 0.0).unwrap().measured < 1e-14);
    assert!(left.remainder(-2.0, 2.0).unwrap().measured > 1.0);
    assert_eq!(left.remainder(-2.0, 0.1).unwrap().bound, None);
    assert_refused(
        TaylorSeries::new(Activation::Elu, 0.0, 5),
        &["elu", "either side"],
    );
}

#[test]
fn what_has_no_series_is_refused_with_the_reason() {
    let refused = |activation, center: f64, order: usize, words: &[&str]| {
        assert_refused(TaylorSeries::new(activation, center, order), words)
    };
    refused(
        Activation::Relu,
        1.0,
        3,
        &["relu", "kink at 0", "straight line"],
    );
    refused(Activation::Softmax, 1.0, 3, &["softmax", "logits"]);
    refused(
        Activation::Tanh,
        0.0,
        0,
        &["taylor_order", "0", "between 1 and 30"],
    );
    refused(
        Activation::Tanh,
        0.0,
        31,
        &["taylor_order", "31", "between 1 and 30"],
    );
    refused(
        Activation::Tanh,
        f64::NAN,
        3,
        &["taylor_center", "NaN", "finite"],
    );
    for (low, high) in [(1.0, 0.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
        assert_refused(
            series(Activation::Tanh, 0.0, 3).remainder(low, high),
            &["no interval"],
        );
    }
}

#[test]
fn activations_are_known_by_name() {
    for activation in Activation::ALL {
        assert_eq!(
            Activation::named(&activation.to_string()).unwrap(),
            activation
        );
        let text = serde_json::to_string(&activation).unwrap();
        assert_eq!(text, format!("\"{activation}\""));
    }
    assert_refused(Activation::named("swoosh"), &["swoosh", "elu, exp, linear"]);
}
