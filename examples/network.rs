//! A network of your own: train it, read it, and see how far the formula holds.
//!
//! `cargo run --release --features network --example network`

use closedform::{Activation, Dataset, InterpretOptions, Language, Layer, interpret, progress};

fn main() -> closedform::Result<()> {
    let sides = [(0.5, 2.0), (0.5, 2.0)];
    let data = Dataset::from_function(&sides, 10_000, 0, |x| {
        f64::from(u8::from(x[0] * x[1].sqrt() > 1.2))
    })?;
    let (training, fresh) = data.split(0.8, 0)?;
    let mut options = InterpretOptions::with_seed(0);
    options.training.hyperparameters.layers = vec![Layer::new(64, Activation::Silu); 2];

    let run = interpret(&training, &fresh, &options, progress::print_every(20))?;
    println!("{}", run.interpretation);
    println!(
        "{}",
        run.interpretation.export()?.to_source(Language::Numpy)?
    );
    Ok(())
}
