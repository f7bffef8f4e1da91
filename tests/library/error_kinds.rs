//! Code can match on what went wrong, and where, without reading the message.

use crate::support::{directions_in, names};
use closedform::dataset::TableOptions;
use closedform::formula::Columns;
use closedform::{
    DenseNetwork, Error, Experiment, Export, Expression, Operator, Points, SearchOptions, Table,
    Task, progress, search,
};
use std::path::Path;

/// Reads a CSV file of this content; the error names the file and wraps what is wrong in it.
fn refused(content: &str, options: &TableOptions) -> Error {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    std::fs::write(&path, content).unwrap();
    let table = Table::read(&path, options);
    match table.and_then(Table::into_dataset).unwrap_err() {
        Error::Content { path: named, error } => {
            assert_eq!(named, path);
            *error
        }
        other => panic!("no file is named: {other:?}"),
    }
}

#[test]
fn tables_tell_the_file_the_cell_and_the_column() {
    let options = TableOptions::new("y", Task::Regression);
    let Error::Cell { row, column, .. } = refused("a,y\n1,2\nred,3\n", &options) else {
        panic!("no cell")
    };
    assert_eq!((row, column.as_str()), (2, "column \"a\""));
    let target = refused("a,y\n1,2\n2,\n", &options);
    assert!(matches!(target, Error::Cell { row: 2, column, .. } if column == "target \"y\""));
    assert!(matches!(refused("a,b\n1,2\n", &options), Error::Column(_)));
    assert!(matches!(
        refused("a-b,a b,y\n1,2,3\n", &options),
        Error::Column(_)
    ));
    assert!(matches!(
        refused("a,y\n1,2\n1,3\n", &options),
        Error::Uninformative(_)
    ));
    assert!(matches!(refused("a,y\n", &options), Error::Format(_)));
    let missing = Table::read(Path::new("no/such.csv"), &options).unwrap_err();
    assert!(matches!(missing, Error::File { path, .. } if path == Path::new("no/such.csv")));
}

#[test]
fn numbers_and_lengths_tell_their_place() {
    let result = Points::new(names(2), [1.0, f64::NAN]);
    let Error::NotFinite { place, value } = result.unwrap_err() else {
        panic!("another kind")
    };
    assert_eq!(place, "row 1, column \"x2\"");
    assert!(value.is_nan());
    let ragged = Points::new(names(2), [1.0; 5]);
    assert!(matches!(ragged, Err(Error::Shape(_))));
    let columns = Columns::new(vec![vec![1.0], vec![1.0, 2.0]]);
    assert!(matches!(columns, Err(Error::Shape(_))));
    let given = |n: usize| directions_in(2, vec![1.0; 2 * n], vec![1.0; 2 * n]);
    let (few, more) = (given(1).unwrap(), given(2).unwrap());
    assert!(matches!(few.cosines(&more), Err(Error::Shape(_))));
    assert_eq!(more.cosines(&more).unwrap().len(), 2);
}

#[test]
fn formulas_tell_the_position_and_what_cannot_be_used() {
    let result = Expression::parse("x1 + besselj(x2)", &[]);
    assert!(matches!(result, Err(Error::Formula { position: 6, .. })));
    let far = Expression::variable(usize::MAX);
    assert!(matches!(far.check_features(2), Err(Error::Column(_))));
    let short = Expression::apply(Operator::Max, vec![far]);
    assert!(matches!(short, Err(Error::Parameter { .. })));
    let infinite = Expression::constant(f64::INFINITY);
    assert!(matches!(
        Export::new(&infinite, &[]),
        Err(Error::Unusable(_))
    ));
}

#[test]
fn models_and_searches_tell_that_there_is_nothing_to_find() {
    let flat = directions_in(2, [1.0; 20], vec![0.0; 20]);
    assert!(matches!(flat, Err(Error::Unlearned(_))));
    let few = directions_in(2, [1.0; 4], vec![1.0; 4]).unwrap();
    let result = search(&few, &SearchOptions::default(), progress::silent);
    assert!(matches!(result, Err(Error::Uninformative(_))));
    let options = SearchOptions {
        max_complexity: Some(0),
        ..SearchOptions::default()
    };
    let result = search(&few, &options, progress::silent);
    assert!(matches!(
        result,
        Err(Error::Parameter {
            name: "max_complexity",
            ..
        })
    ));
    assert!(matches!(
        Experiment::from_number(9),
        Err(Error::Parameter { .. })
    ));
}

#[test]
fn the_root_is_found_inside_of_places_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.json");
    let text = r#"{"layers": [{"activation": "tanh", "weights": [[0.5], [1.0, 2.0]]}]}"#;
    std::fs::write(&path, text).unwrap();
    let error = DenseNetwork::from_file(&path).unwrap_err();
    assert!(matches!(error.root(), Error::Shape(_)), "{error}");
    let message = error.to_string();
    assert!(
        message.starts_with(&path.display().to_string()),
        "{message}"
    );
    assert!(
        message.contains(": layer 1: row 2 has 2 weights"),
        "{message}"
    );
}
