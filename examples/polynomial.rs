//! A network becomes a polynomial.
//!
//! `cargo run --release --example polynomial`

use closedform::{DenseNetwork, TaylorOptions};

fn main() -> closedform::Result<()> {
    let network = DenseNetwork::from_file("data/tanh_network.json")?;
    let options = TaylorOptions {
        max_order: 3,
        ..TaylorOptions::default()
    };
    let polynomials = network.to_polynomials(&options)?;
    println!("{}", polynomials.polynomial(0)?);
    Ok(())
}
