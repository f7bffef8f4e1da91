//! Zero lines of a function on a grid, by marching squares.

/// Values on a regular grid over a rectangle: `values[row * n_columns + column]`.
pub(super) struct Grid {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub values: Vec<f64>,
}

type Point = (f64, f64);

impl Grid {
    /// The grid with a level subtracted. Its zero lines are the contour lines of that level.
    pub fn moved(&self, level: f64) -> Self {
        Self {
            x: self.x.clone(),
            y: self.y.clone(),
            values: self.values.iter().map(|value| value - level).collect(),
        }
    }

    /// The short segments along which the linearly interpolated values are zero.
    pub fn zero_segments(&self) -> Vec<(Point, Point)> {
        let n_columns = self.x.len();
        let mut segments = Vec::new();
        for row in 0..self.y.len() - 1 {
            for column in 0..n_columns - 1 {
                let corner = |r: usize, c: usize| {
                    let value = self.values[(row + r) * n_columns + column + c];
                    ((self.x[column + c], self.y[row + r]), value)
                };
                let corners = [corner(0, 0), corner(0, 1), corner(1, 1), corner(1, 0)];
                let crossings: Vec<Point> = (0..4)
                    .filter_map(|side| crossing(corners[side], corners[(side + 1) % 4]))
                    .collect();
                segments.extend(crossings.chunks_exact(2).map(|pair| (pair[0], pair[1])));
            }
        }
        segments
    }
}

fn crossing((a, at_a): (Point, f64), (b, at_b): (Point, f64)) -> Option<Point> {
    if (at_a > 0.0) == (at_b > 0.0) {
        return None;
    }
    let share = at_a / (at_a - at_b);
    Some((a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circles_zero_line_keeps_its_radius() {
        let axis: Vec<f64> = (0..101).map(|k| -1.0 + 0.02 * f64::from(k)).collect();
        let values = axis
            .iter()
            .flat_map(|y| axis.iter().map(move |x| x * x + y * y - 0.25))
            .collect();
        let segments = Grid {
            x: axis.clone(),
            y: axis,
            values,
        }
        .zero_segments();
        assert!(segments.len() > 100);
        for ((x, y), _) in segments {
            assert!(((x * x + y * y).sqrt() - 0.5).abs() < 1e-3);
        }
    }
}
