//! Claim: a benchmark asks for known equations, and judges formulas by what they compute.

use closedform::Error;
use closedform_studies::benchmark::{
    BenchmarkPlan, BenchmarkRow, BenchmarkSummary, ProblemSet, Source, read_benchmark,
    run_benchmark,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

fn plan(names: &[&str], sources: &[Source]) -> BenchmarkPlan {
    BenchmarkPlan {
        names: names.iter().map(|name| (*name).to_string()).collect(),
        sources: sources.to_vec(),
        ..BenchmarkPlan::default()
    }
}

fn run(plan: &BenchmarkPlan, folder: &std::path::Path, resume: bool) -> Vec<BenchmarkRow> {
    run_benchmark(plan, folder, resume, 1, &|_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn every_equation_has_values_in_its_ranges() {
    for (set, n) in [(ProblemSet::Feynman, 100), (ProblemSet::Fastsrb, 120)] {
        let problems = set.problems();
        assert_eq!(problems.len(), n);
        for problem in problems {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            let data = problem.sample(200, &mut rng).unwrap();
            for row in 0..200 {
                let point = data.point(row);
                assert_eq!(problem.truth.value(point), data.targets()[row]);
                let inside = point.iter().zip(&problem.ranges);
                for (x, range) in inside {
                    let (low, high) = range.side();
                    assert!((low..=high).contains(x), "{}: {x}", problem.name);
                }
            }
        }
    }
}

#[test]
fn equations_come_back_and_the_rows_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan(
        &["I.12.2", "II.38.14"],
        &[Source::Values, Source::Directions],
    );
    let rows = run(&plan, folder.path(), false);
    assert_eq!(rows.len(), 4);
    for row in &rows {
        let finding = row.outcome.as_ref().unwrap();
        assert!(finding.is_found && finding.error < 1e-6, "{row:?}");
    }
    assert_eq!(read_benchmark(folder.path()).unwrap(), rows);
    // Only the new runs are made.
    plan.n_seeds = 2;
    let n_made = AtomicUsize::new(0);
    let all = run_benchmark(&plan, folder.path(), true, 2, &|_| {
        n_made.fetch_add(1, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    assert_eq!((all.unwrap().len(), n_made.into_inner()), (8, 4));
    let page = BenchmarkSummary::new(&rows).to_markdown();
    assert!(page.contains("| values | 0 % |  | 2 of 2 | 2 |"), "{page}");
}

#[test]
fn another_formula_is_not_the_equation() {
    let folder = tempfile::tempdir().unwrap();
    // With one point in ten and much noise, nothing like the truth can come out.
    let plan = BenchmarkPlan {
        noises: vec![1.0],
        n_points: Some(20),
        time_limit: 1.0,
        ..plan(&["I.41.16"], &[Source::Values])
    };
    let rows = run(&plan, folder.path(), false);
    assert!(!rows[0].is_found(), "{rows:?}");
    let page = BenchmarkSummary::new(&rows).to_markdown();
    assert!(page.contains("**missed** I.41.16"), "{page}");
}

#[test]
fn unknown_equations_and_impossible_settings_are_refused() {
    let refused = |plan: &BenchmarkPlan, part: &str| {
        let error = plan.questions().unwrap_err();
        assert!(matches!(error.root(), Error::Parameter { .. }), "{error}");
        assert!(error.to_string().contains(part), "{error}");
    };
    refused(&plan(&["I.0.0"], &[Source::Values]), "I.0.0");
    let noisy = BenchmarkPlan {
        noises: vec![-0.1],
        ..BenchmarkPlan::default()
    };
    refused(&noisy, "-0.1");
    let beyond = BenchmarkPlan {
        sources: vec![Source::Classifier],
        quantiles: vec![1.0],
        ..BenchmarkPlan::default()
    };
    refused(&beyond, "quantile");
}
