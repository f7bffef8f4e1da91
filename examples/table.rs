//! A table in, a formula for one of its columns out.
//!
//! `cargo run --release --example table`

use closedform::formula::Operator;
use closedform::{Dataset, SearchOptions, Task, ValueObjective, progress, search_for};

fn main() -> closedform::Result<()> {
    // The period of a pendulum, measured with an error of a percent: columns l, g, m and T.
    let data = Dataset::from_file("data/pendulum.csv", "T", Task::Regression)?;
    let objective = ValueObjective::from_dataset(&data)?;
    let options = SearchOptions {
        operators: Operator::parse_list("+,-,*,/,sqrt")?,
        ..SearchOptions::default()
    };
    let found = search_for(&objective, &options, progress::print_every(10))?;
    println!("{}", found.front);
    Ok(())
}
