//! A black box: any function of rows, whatever it is made of.
//!
//! `cargo run --release --example black_box`

use closedform::{BlackBox, Dataset, ReadingOptions, Task, interpret_model, progress};

/// Stands for a model that you can call but not look into.
fn model(x: &[f64]) -> f64 {
    (x[0] / x[1]).ln() + 3.0
}

fn main() -> closedform::Result<()> {
    let rows = Dataset::from_function(&[(0.5, 2.0); 2], 1000, 0, model)?;
    let (training, fresh) = rows.split(0.8, 0)?;
    let model = BlackBox::new(&rows, Task::Regression, model)?;

    let options = ReadingOptions::with_seed(0);
    let run = interpret_model(model, &training, &fresh, &options, progress::silent)?;
    println!("{}", run.interpretation);
    if let Some(whole) = run.interpretation.whole_formula() {
        println!("the whole formula: {whole}");
    }
    Ok(())
}
