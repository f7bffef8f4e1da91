//! Ensembles of decision trees, which have values but no gradients.

use super::models::{decided, n_classes, transformed};
use super::{Apply, check_size, one};
use crate::error::{Error, Result};
use crate::network::onnx::call::Call;
use crate::network::tensors::to_vec;
use std::collections::HashMap;
use tch::Tensor;

pub fn find(operator: &str) -> Option<Apply> {
    let apply: Apply = match operator {
        "TreeEnsembleClassifier" => classifier,
        "TreeEnsembleRegressor" => regressor,
        _ => return None,
    };
    Some(apply)
}

/// A tree's number and that of a node in it.
type Place = (i64, i64);

/// Two ways on, or a leaf that adds to some outputs.
enum Split {
    Branch {
        feature: usize,
        threshold: f64,
        goes_left: fn(f64, f64) -> bool,
        left: Place,
        right: Place,
        missing_goes_left: bool,
    },
    Leaf,
}

struct Trees {
    splits: HashMap<Place, Split>,
    /// The first node of each tree.
    roots: Vec<Place>,
    /// What a leaf adds: the number of an output, and the weight.
    weights: HashMap<Place, Vec<(usize, f64)>>,
    n_outputs: usize,
}

impl Trees {
    /// Reads the node's lists; `of` is the word with which those of the leaves' weights begin.
    fn read(call: &Call, of: &str, n_outputs: usize) -> Result<Self> {
        let node = call.node;
        let trees = node.ints("nodes_treeids");
        let numbers = node.ints("nodes_nodeids");
        let missing = node.ints("nodes_missing_value_tracks_true");
        let broken = || Error::Format("its lists of nodes have different lengths".into());
        let (mut splits, mut roots) = (HashMap::new(), Vec::new());
        for (index, (&tree, &number)) in trees.iter().zip(numbers).enumerate() {
            if roots.last().is_none_or(|root: &Place| root.0 != tree) {
                roots.push((tree, number));
            }
            let int = |name: &str| node.ints(name).get(index).copied().ok_or_else(broken);
            let mode = node.texts("nodes_modes").get(index).ok_or_else(broken)?;
            let goes_left: fn(f64, f64) -> bool = match mode.as_str() {
                "LEAF" => {
                    splits.insert((tree, number), Split::Leaf);
                    continue;
                }
                "BRANCH_LEQ" => |x, threshold| x <= threshold,
                "BRANCH_LT" => |x, threshold| x < threshold,
                "BRANCH_GTE" => |x, threshold| x >= threshold,
                "BRANCH_GT" => |x, threshold| x > threshold,
                "BRANCH_EQ" => |x, threshold| x == threshold,
                "BRANCH_NEQ" => |x, threshold| x != threshold,
                other => return Err(Error::Format(format!("it has a node of mode {other}"))),
            };
            let thresholds = node.floats("nodes_values");
            let split = Split::Branch {
                feature: usize::try_from(int("nodes_featureids")?).map_err(|_| broken())?,
                threshold: *thresholds.get(index).ok_or_else(broken)?,
                goes_left,
                left: (tree, int("nodes_truenodeids")?),
                right: (tree, int("nodes_falsenodeids")?),
                missing_goes_left: missing.get(index).is_some_and(|goes| *goes != 0),
            };
            splits.insert((tree, number), split);
        }
        let mut weights: HashMap<Place, Vec<(usize, f64)>> = HashMap::new();
        let ids = |name: &str| node.ints(&format!("{of}_{name}"));
        let outputs = ids("ids").iter().zip(node.floats(&format!("{of}_weights")));
        for ((tree, number), (output, weight)) in
            ids("treeids").iter().zip(ids("nodeids")).zip(outputs)
        {
            let output = usize::try_from(*output).ok().filter(|k| *k < n_outputs);
            let output = output.ok_or_else(|| {
                Error::Format(format!(
                    "a leaf adds to an output that isn't one of {n_outputs}"
                ))
            })?;
            weights
                .entry((*tree, *number))
                .or_default()
                .push((output, *weight));
        }
        Ok(Self {
            splits,
            roots,
            weights,
            n_outputs,
        })
    }

    /// Adds the weights of the leaves that a row reaches.
    fn add(&self, row: &[f64], totals: &mut [f64]) -> Result<()> {
        for root in &self.roots {
            let mut place = *root;
            let mut n_steps = 0;
            while let Some(Split::Branch {
                feature,
                threshold,
                goes_left,
                left,
                right,
                missing_goes_left,
            }) = self.splits.get(&place)
            {
                n_steps += 1;
                let (Some(x), true) = (row.get(*feature), n_steps <= self.splits.len()) else {
                    return Err(Error::Format(format!(
                        "node {} of tree {} has no way to a leaf",
                        place.1, place.0
                    )));
                };
                let is_left = goes_left(*x, *threshold) || (x.is_nan() && *missing_goes_left);
                place = if is_left { *left } else { *right };
            }
            for (output, weight) in self.weights.get(&place).into_iter().flatten() {
                totals[*output] += weight;
            }
        }
        Ok(())
    }

    /// The sums of all trees for rows `(n, n_features)`: `(n, n_outputs)`.
    fn sums(&self, call: &Call) -> Result<Tensor> {
        let x = call.input(0)?;
        let &[n_rows, n_features] = x.size().as_slice() else {
            return Err(Error::Shape(format!(
                "its input has shape {:?}, but must be rows of features",
                x.size()
            )));
        };
        check_size(&[n_rows, self.n_outputs as i64])?;
        let mut sums = vec![0.0; n_rows as usize * self.n_outputs];
        let points = to_vec(x)?;
        let rows = points.chunks_exact((n_features as usize).max(1));
        for (row, totals) in rows.zip(sums.chunks_exact_mut(self.n_outputs)) {
            self.add(row, totals)?;
        }
        Ok(Tensor::f_from_slice(&sums)?.f_view([-1, self.n_outputs as i64])?)
    }
}

/// The sums with the numbers that stand before all trees.
fn with_base(call: &Call, sums: Tensor) -> Result<Tensor> {
    match call.node.floats("base_values") {
        [] => Ok(sums),
        base => Ok(sums.f_add(&Tensor::f_from_slice(base)?)?),
    }
}

fn regressor(call: &Call) -> Result<Vec<Tensor>> {
    let n_targets = usize::try_from(call.node.int("n_targets", 1)).unwrap_or(0);
    let trees = Trees::read(call, "target", n_targets.max(1))?;
    let sums = trees.sums(call)?;
    let sums = match call.node.text("aggregate_function", "SUM") {
        "SUM" => sums,
        "AVERAGE" => sums.f_div_scalar(trees.roots.len() as f64)?,
        other => return Err(Error::Model(format!("its aggregate_function is {other}"))),
    };
    one(transformed(call, &with_base(call, sums)?)?)
}

/// Trees that all add to one number of two classes give the score of the second.
fn classifier(call: &Call) -> Result<Vec<Tensor>> {
    let outputs = call.node.ints("class_ids");
    let is_one_score = n_classes(call) == 2 && outputs.iter().all(|k| Some(k) == outputs.first());
    let trees = Trees::read(call, "class", n_classes(call).max(1))?;
    let mut sums = trees.sums(call)?;
    if is_one_score {
        let column = outputs.first().copied().unwrap_or(0);
        sums = sums.f_narrow(1, column, 1)?;
    }
    let weights = call.node.floats("class_weights");
    let is_probability = weights.iter().all(|weight| *weight >= 0.0);
    decided(call, &with_base(call, sums)?, is_probability)
}
