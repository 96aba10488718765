//! The exponential latency histogram: base-2 scale 3 buckets, as OpenTelemetry's data model defines them.

/// Index of a bucket: bucket `i` holds latencies in `(2^(i/8), 2^((i+1)/8)]` microseconds; each is 9.05 % wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LatencyBucket(pub i16);

impl LatencyBucket {
    /// Buckets per doubling (OpenTelemetry scale 3).
    const PER_DOUBLING: f64 = 8.0;

    /// The bucket of a latency; 0 us counts as 1 us.
    pub fn of_us(latency_us: u64) -> Self {
        let latency = latency_us.max(1) as f64;
        let exact = latency.log2() * Self::PER_DOUBLING;
        // A value on the upper bound belongs to the bucket below: the interval is open on the left.
        Self((exact.ceil() as i16) - 1)
    }

    /// The largest latency that the bucket holds, in microseconds.
    pub fn upper_us(self) -> f64 {
        2f64.powf((f64::from(self.0) + 1.0) / Self::PER_DOUBLING)
    }
}

/// The latency below which `quantile` (0 to 1) of the calls fall, in microseconds, from `(bucket, calls)`
/// pairs in ascending bucket order; `None` when there are no calls. At most 9.05 % above the true value.
pub fn quantile_us(buckets: &[(LatencyBucket, u64)], quantile: f64) -> Option<f64> {
    let total: u64 = buckets.iter().map(|(_, n)| n).sum();
    if total == 0 {
        return None;
    }
    let rank = ((total as f64 * quantile).ceil() as u64).clamp(1, total);
    let mut seen = 0;
    buckets
        .iter()
        .find(|(_, n)| {
            seen += n;
            seen >= rank
        })
        .map(|(bucket, _)| bucket.upper_us())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_is_within_its_bucket() {
        for latency in (1..20_000).chain([1 << 20, 3_600_000_000, 86_400_000_000]) {
            let bucket = LatencyBucket::of_us(latency);
            let lower = LatencyBucket(bucket.0 - 1).upper_us();
            let upper = bucket.upper_us();
            let value = latency as f64;
            assert!(value <= upper * (1.0 + 1e-12), "{latency} above {upper}");
            assert!(value > lower * (1.0 - 1e-12), "{latency} below {lower}");
        }
    }

    #[test]
    fn quantiles_of_known_data_are_within_one_bucket() {
        let mut counts = std::collections::BTreeMap::new();
        for latency in 1..=1000 {
            *counts.entry(LatencyBucket::of_us(latency)).or_insert(0) += 1;
        }
        let buckets: Vec<_> = counts.into_iter().collect();
        for (quantile, truth) in [(0.5, 500.0), (0.95, 950.0), (0.99, 990.0), (1.0, 1000.0)] {
            let got = quantile_us(&buckets, quantile).unwrap();
            assert!(
                got >= truth && got <= truth * 1.0906,
                "p{quantile}: {got} for {truth}"
            );
        }
        assert_eq!(quantile_us(&[], 0.5), None);
    }
}
