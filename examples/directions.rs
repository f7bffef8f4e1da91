//! Directions in, formula out: the search alone, without libtorch.
//!
//! `cargo run --release --example directions`

use closedform::{Directions, Points, SearchOptions, progress, search};

fn main() -> closedform::Result<()> {
    // What a network knows of g = x1*x2 + sin(x3) is known up to a monotone function: here exp.
    let rows: Vec<[f64; 3]> = (0..300)
        .map(|i| [0.1, 0.7, 1.3].map(|step| (f64::from(i) * step).sin() + 1.5))
        .collect();
    let gradients = rows.iter().flat_map(|&[x1, x2, x3]| {
        let slope = (x1 * x2 + x3.sin()).exp();
        [slope * x2, slope * x1, slope * x3.cos()]
    });
    let points = Points::from_rows(["x1", "x2", "x3"], &rows)?;
    let directions = Directions::from_gradients(points, gradients.collect())?;

    let found = search(&directions, &SearchOptions::default(), progress::silent)?;
    println!("{}", found.front);
    println!("The search ended with {}.", found.stop_reason);
    Ok(())
}
