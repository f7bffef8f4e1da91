//! Bounds on the weights of hidden neurons, restored by projection after every training step.

use super::numbers::MIN_NORM;
use serde::{Deserialize, Serialize};
use tch::{Kind, TchError, Tensor};

/// A bound on the weights of every hidden neuron, bias included, after each training step.
///
/// With an l1 norm of at most 1 and inputs within [-1, 1], the potentials of the first layer stay
/// within [-1, 1]. There the Taylor series of activations around 0 are accurate (Morala et al.
/// 2021). The same holds for a deeper layer whose inputs stay within [-1, 1], as the outputs of
/// `tanh` do. The norm is taken of the weights as training sees them: with `standardize`, those of
/// the standardized inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeightConstraint {
    /// The l1 norm is 1: weights are divided by their l1 norm.
    L1Sphere,
    /// The l1 norm is at most 1: weights move to the nearest point of the ball (Duchi et al. 2008,
    /// figure 1).
    L1Ball,
    /// The l2 norm is at most 1: weights move to the nearest point of the ball.
    L2Ball,
}

impl WeightConstraint {
    /// Projects weights `(.., n_inputs, n_outputs)` and biases `(.., n_outputs)` in place.
    pub(super) fn impose(self, weights: &Tensor, biases: &Tensor) -> Result<(), TchError> {
        let _guard = tch::no_grad_guard();
        let columns = Tensor::f_cat(&[weights, &biases.f_unsqueeze(-2)?], -2)?;
        let n_inputs = columns.size()[columns.dim() - 2] - 1;
        let projected = self.projected(&columns)?;
        weights
            .shallow_clone()
            .f_copy_(&projected.f_narrow(-2, 0, n_inputs)?)?;
        let row = projected.f_narrow(-2, n_inputs, 1)?.f_squeeze_dim(-2)?;
        biases.shallow_clone().f_copy_(&row)?;
        Ok(())
    }

    /// The projected columns; `columns` is `(.., n_rows, n_neurons)`, one neuron per column.
    fn projected(self, columns: &Tensor) -> Result<Tensor, TchError> {
        let norm = |p: f64| {
            columns
                .f_norm_scalaropt_dim(p, [-2_i64], true)?
                .f_clamp_min(MIN_NORM)
        };
        match self {
            Self::L1Sphere => columns.f_div(&norm(1.0)?),
            Self::L2Ball => columns.f_div(&norm(2.0)?.f_clamp_min(1.0)?),
            Self::L1Ball => {
                let sizes = columns.f_abs()?;
                let (sorted, _) = sizes.f_sort(-2, true)?;
                let excess = sorted.f_cumsum(-2, Kind::Float)?.f_sub_scalar(1.0)?;
                let n_rows = columns.size()[columns.dim() - 2];
                let counts =
                    Tensor::f_arange_start(1, n_rows + 1, (Kind::Float, columns.device()))?;
                let shares = excess.f_div(&counts.f_unsqueeze(1)?)?;
                // The largest weights are kept, as many as exceed the amount that is then
                // subtracted from each.
                let n_kept = sorted.f_gt_tensor(&shares)?.f_sum_dim_intlist(
                    [-2_i64].as_slice(),
                    true,
                    Kind::Int64,
                )?;
                let given = shares
                    .f_gather(-2, &n_kept.f_sub_scalar(1)?.f_clamp_min(0)?, false)?
                    .f_clamp_min(0.0)?;
                columns
                    .f_sign()?
                    .f_mul(&sizes.f_sub(&given)?.f_clamp_min(0.0)?)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn projected(constraint: WeightConstraint, columns: &[&[f64]]) -> Vec<Vec<f64>> {
        let rows = columns
            .iter()
            .flat_map(|column| column.iter().map(|w| *w as f32));
        let rows: Vec<f32> = rows.collect();
        let shape = [columns.len() as i64, -1];
        let columns = Tensor::from_slice(&rows).view(shape).transpose(0, 1);
        let found = constraint.projected(&columns).unwrap().transpose(0, 1);
        Vec::<Vec<f64>>::try_from(found.to_kind(Kind::Double)).unwrap()
    }

    fn assert_near(found: &[Vec<f64>], expected: &[&[f64]]) {
        for (found, expected) in found
            .iter()
            .flatten()
            .zip(expected.iter().copied().flatten())
        {
            assert!((found - expected).abs() < 1e-6, "{found}, {expected}");
        }
    }

    #[test]
    fn weights_are_divided_by_their_norm() {
        let columns: [&[f64]; 2] = [&[3.0, -1.0], &[0.1, 0.1]];
        let found = projected(WeightConstraint::L1Sphere, &columns);
        assert_near(&found, &[&[0.75, -0.25], &[0.5, 0.5]]);
        let found = projected(WeightConstraint::L2Ball, &[&[3.0, -4.0], &[0.1, 0.1]]);
        assert_near(&found, &[&[0.6, -0.8], &[0.1, 0.1]]);
    }

    #[test]
    fn the_nearest_weights_of_the_l1_ball_give_away_alike() {
        // By hand: 3 - 2, 2 - 2, 0; (1.5 + 0.9 - 1) / 2 = 0.7 off each; inside: unchanged.
        let columns: [&[f64]; 3] = [&[3.0, -2.0, 0.5], &[1.5, -0.9, 0.1], &[0.2, -0.3, 0.1]];
        let found = projected(WeightConstraint::L1Ball, &columns);
        assert_near(
            &found,
            &[&[1.0, 0.0, 0.0], &[0.8, -0.2, 0.0], &[0.2, -0.3, 0.1]],
        );
    }

    #[test]
    fn no_weights_stay_none() {
        for constraint in [
            WeightConstraint::L1Sphere,
            WeightConstraint::L1Ball,
            WeightConstraint::L2Ball,
        ] {
            assert_near(&projected(constraint, &[&[0.0, 0.0]]), &[&[0.0, 0.0]]);
        }
    }
}
