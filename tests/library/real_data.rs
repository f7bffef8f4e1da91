//! The real data are those of their sources, with the blemishes that their documentation names.

use closedform::dataset::RealData;
use closedform::{Dataset, Task};

fn load(data: RealData) -> Dataset {
    data.load().unwrap()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len() as f64;
    values.sum::<f64>() / n
}

#[test]
fn iris_is_fishers_table_of_three_species() {
    let iris = load(RealData::Iris);
    assert_eq!((iris.n_samples(), iris.n_features()), (150, 4));
    assert_eq!(iris.target_name(), "species");
    assert_eq!(iris.class_names(), ["setosa", "versicolor", "virginica"]);
    assert_eq!(iris.check_classes().unwrap(), 3);
    for class in 0..3 {
        let of_class = iris.targets().iter().filter(|t| **t == f64::from(class));
        assert_eq!(of_class.count(), 50);
    }
    assert_eq!(iris.point(0), [5.1, 3.5, 1.4, 0.2]);
    assert_eq!(iris.point(50), [7.0, 3.2, 4.7, 1.4]);
    assert_eq!(iris.point(149), [5.9, 3.0, 5.1, 1.8]);
    // Fisher's rows 35 and 38 are (4.9, 3.1, 1.5, 0.2) and (4.9, 3.6, 1.4, 0.1).
    assert_eq!(iris.point(34), [4.9, 3.1, 1.5, 0.1]);
    assert_eq!(iris.point(37), [4.9, 3.1, 1.5, 0.1]);
}

#[test]
fn diabetes_lacks_its_first_patient_and_has_the_targets_of_the_others() {
    let diabetes = load(RealData::Diabetes);
    assert_eq!((diabetes.n_samples(), diabetes.n_features()), (441, 10));
    let names = [
        "age", "sex", "bmi", "bp", "tc", "ldl", "hdl", "tch", "ltg", "glu",
    ];
    assert_eq!(diabetes.feature_names(), names);
    // Of Efron et al.'s table 1: the second patient has the target 75, the third 141.
    assert_eq!(diabetes.targets()[..2], [75.0, 141.0]);
    assert_eq!(diabetes.targets()[440], 57.0);
    let range = diabetes
        .targets()
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |(low, high), t| {
            (low.min(*t), high.max(*t))
        });
    assert_eq!(range, (25.0, 346.0));
    for feature in 0..10 {
        let column = || diabetes.points().iter().skip(feature).step_by(10).copied();
        let column: Vec<f64> = column().collect();
        assert!(mean(column.iter().copied()).abs() < 1e-3);
        assert!((column.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 0.02);
    }
}

#[test]
fn wines_are_the_red_ones_with_grades_as_numbers() {
    let wine = load(RealData::WineQuality);
    assert_eq!((wine.n_samples(), wine.n_features()), (1599, 11));
    assert_eq!(wine.target_name(), "quality");
    assert_eq!(wine.feature_names()[0], "fixed_acidity");
    assert_eq!(wine.feature_names()[10], "alcohol");
    let first = [
        7.4, 0.7, 0.0, 1.9, 0.076, 11.0, 34.0, 0.9978, 3.51, 0.56, 9.4,
    ];
    assert_eq!(wine.point(0), first);
    assert_eq!(wine.targets()[0], 5.0);
    let counts = [3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
        .map(|grade| wine.targets().iter().filter(|t| **t == grade).count());
    assert_eq!(counts, [10, 53, 681, 638, 199, 18]);
    let mut rows: Vec<Vec<u64>> = (0..wine.n_samples())
        .map(|row| {
            let numbers = wine.point(row).iter().chain([&wine.targets()[row]]);
            numbers.map(|number| number.to_bits()).collect()
        })
        .collect();
    rows.sort();
    rows.dedup();
    assert_eq!(rows.len(), 1599 - 240);
}

#[test]
fn every_one_fits_its_task() {
    for data in RealData::ALL {
        let is_classes = load(data).check_classes().is_ok();
        assert_eq!(is_classes, data.task() == Task::Classification, "{data}");
    }
}
